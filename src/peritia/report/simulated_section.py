"""Composes the simulated section: the sessions side by side, by region, on the map, in depth, in plasma, and what limits them."""

from __future__ import annotations

from collections.abc import Iterable

from peritia.delivery import Delivery, DrugMap, HipecPlan, PipacPlan, drug_metrics
from peritia.delivery.metrics import RegionRow, region_table
from peritia.report.simulated_content import SimulatedSection, Table
from peritia.report.simulated_figures import simulated_figures
from peritia.report.simulation import LeftOut, Simulated, Simulation, main_drug
from peritia.report.wording import Words, simulated_words, words

NONE = "–"


def simulated_section(simulation: Simulation, lang: str) -> SimulatedSection:
    """The section of a simulation, in a language."""
    w, made = simulated_words(lang), simulation.made
    figures, remarks = simulated_figures(made, w) if made else ((), ())
    left = [_left(one, w) for one in simulation.left_out]
    left += [w("passed", regimen=name, why=why) for one in made for name, why in one.passed]
    return SimulatedSection(
        heading=w("heading"),
        lead=_lead(simulation, w) if made else w("none"),
        left_out=tuple(left),
        beside=_beside(made, w, words(lang)) if made else None,
        drugs=_drugs(made, w, words(lang)) if made else None,
        regions=_regions(made, w, words(lang)) if made else None,
        figures=figures,
        remarks=remarks,
        limits_heading=w("heading.limits"),
        limits=tuple(_limits(made, w)) if made else (),
        warnings_heading=w("heading.warnings"),
        warnings=tuple(f"{name(one)}: {told}" for one in made for told in (*one.delivery.plan.warnings, *one.delivery.notes)),
        made_heading=w("made.heading"),
        made=tuple(_made(one, w) for one in made),
    )


def name(one: Simulated) -> str:
    """The technique as it is written."""
    return one.choice.technique.upper()


def _left(one: LeftOut, w: Words) -> str:
    gaps = dict(one.gaps)
    if "missing" in gaps:
        gaps["missing"] = w.listing([w(f"fact.{fact}") for fact in gaps["missing"]])
    return w(one.key, **gaps)


def _lead(simulation: Simulation, w: Words) -> str:
    run = simulation.made[0].delivery.run
    anatomy = w("anatomy.labels", name=simulation.on_labels) if simulation.on_labels else w("anatomy.parametric")
    return w("lead", model=run.model, fidelity=w(f"fidelity.{run.fidelity}"), anatomy=anatomy)


def _beside(made: tuple[Simulated, ...], w: Words, house: Words) -> Table:
    """One column a technique: what is given, and how warm it gets."""
    rows: list[tuple[str, ...]] = [
        (w("row.option"), *(f"{one.choice.option.name}: {house('verdict_within.' + one.choice.option.verdict)}" for one in made)),
        (w("row.regimen"), *(one.choice.regimen.name for one in made)),
        (w("row.doses"), *("; ".join(f"{drug.drug} {w.number(drug.dose_mg)} mg" for drug in one.delivery.plan.drugs) for one in made)),
        (w("row.liquid"), *(_liquid(one.delivery, w) for one in made)),
        (w("row.time"), *(_time(one.delivery, w) for one in made)),
        (w("row.open"), *(_open(one.delivery, w) for one in made)),
    ]
    rows += _column_rows([_heat(one.delivery, w) for one in made])
    return Table(title=w("table.beside"), head=("", *map(name, made)), rows=tuple(rows))


def _drugs(made: tuple[Simulated, ...], w: Words, house: Words) -> Table:
    """One column a technique and drug, grouped by technique."""
    columns = [(one, drug) for one in made for drug in one.delivery.drugs]
    return Table(
        title=w("table.drugs"),
        groups=(("", 1), *((name(one), len(one.delivery.drugs)) for one in made)),
        head=("", *(drug.drug for _, drug in columns)),
        rows=tuple(_column_rows([_figures(one.delivery, drug, w, house) for one, drug in columns])),
    )


def _column_rows(columns: list[dict[str, str]]) -> list[tuple[str, ...]]:
    """Columns of labelled cells as rows; a column without a label's cell has a dash there."""
    labels = dict.fromkeys(label for column in columns for label in column)
    return [(label, *(column.get(label, NONE) for column in columns)) for label in labels]


def _liquid(made: Delivery, w: Words) -> str:
    plan = made.plan
    if isinstance(plan, PipacPlan):
        return w("value.sprayed", ml=w.number(plan.liquid_ml), pressure=w.number(plan.pressure_mmhg), gas=w.number(plan.gas_volume_l))
    inflow = w.number(plan.inflow_temperature_c)
    return w("value.bath", litres=w.number(plan.bath_volume_l), flow=w.number(plan.flow_ml_per_min), inflow=inflow)


def _time(made: Delivery, w: Words) -> str:
    plan = made.plan
    if isinstance(plan, HipecPlan):
        return w("value.minutes", minutes=w.number(plan.minutes), preheat=w.number(plan.preheat_minutes))
    return w("value.spray", spray=w.number(round(plan.spray_seconds / 60, 1)), hold=w.number(plan.hold_minutes))


def _open(made: Delivery, w: Words) -> str:
    return w("value.open", area=w.number(round(made.surface.area_total, 2)), fold=w.number(round(made.surface.fold_factor, 1)))


def _figures(made: Delivery, one: DrugMap, w: Words, house: Words) -> dict[str, str]:
    """Every figure of one drug by its label, in reading order."""
    area, m = made.surface.area, drug_metrics(made, one)
    found = {
        w("row.mean"): f"{_three(m.mean_mg_per_m2, w)} mg/m²",
        w("row.d95"): f"{_three(m.d95_mg_per_m2, w)} mg/m²",
        w("row.coverage"): f"{round(100 * m.coverage)} %",
        w("row.homogeneity"): w.number(round(m.homogeneity, 2)),
        w("row.worst"): w(
            "value.worst",
            region=m.worst_region,
            name=house(f"region.{m.worst_region}"),
            share=round(100 * m.worst_region_coverage),
            amount=_three(m.worst_region_mg_per_m2, w),
        ),
        w("row.half"): f"{w.number(round(float(one.depth_half_mm @ area / area.sum()), 2))} mm",
        w("row.tenth"): f"{w.number(round(m.mean_depth_tenth_mm, 2))} mm",
    }
    for curve in sorted((curve for curve in made.plasma if curve.drug == one.drug), key=lambda curve: curve.species):
        species = w.get(f"species.{curve.species}", curve.species.replace("-", " "))
        found[w("row.peak", species=species)] = w("value.peak", peak=_three(curve.peak, w), minutes=round(curve.peak_at_min))
        found[w("row.auc", species=species)] = f"{_three(curve.auc_24h, w)} mg h/L"
    return found


def _heat(made: Delivery, w: Words) -> dict[str, str]:
    """Temperatures of a heated session."""
    if not isinstance(made.plan, HipecPlan):
        return {}
    area = made.surface.area
    return {
        w("row.bath"): f"{w.number(round(made.numbers['bath_mean_c'], 1))} °C",
        w("row.core"): f"{w.number(round(made.numbers['core_peak_c'], 1))} °C",
        w("row.cem"): f"{_three(float(made.cem43_min @ area / area.sum()), w)} CEM43 min",
    }


def _three(value: float, w: Words) -> str:
    """Three figures: more would promise what no model of this kind holds."""
    return w.number(float(f"{value:.3g}"))


def _regions(made: tuple[Simulated, ...], w: Words, house: Words) -> Table:
    groups: list[tuple[str, int]] = [("", 1)]
    head: list[str] = [w("column.region")]
    columns: list[list[str]] = []
    for one in made:
        drug = main_drug(made, one)
        rows = [row for row in region_table(one.delivery) if row.drug == drug]
        fields = _columns(one, w)
        groups.append((f"{name(one)}, {drug}", len(fields)))
        head += [label for label, _ in fields]
        columns += [[_cell(row, field, w) for row in rows] for _, field in fields]
    names = [f"{number} {house(f'region.{number}')}" for number in range(13)]
    return Table(
        title=w("table.regions"),
        groups=tuple(groups),
        head=tuple(head),
        rows=tuple((names[i], *(column[i] for column in columns)) for i in range(13)),
    )


def _columns(one: Simulated, w: Words) -> tuple[tuple[str, str], ...]:
    taken, tenth = (w("column.taken"), "taken_up_mg_per_m2"), (w("column.tenth"), "depth_tenth_mm")
    if one.choice.technique == "pipac":
        return (w("column.landed"), "landed_mg_per_m2"), taken, tenth
    return taken, tenth, (w("column.temperature"), "temperature_c"), (w("column.cem"), "cem43_min")


def _cell(row: RegionRow, field: str, w: Words) -> str:
    value = float(getattr(row, field))
    if value != value:
        return NONE
    return (
        w.number(round(value, 1))
        if field == "temperature_c"
        else w.number(round(value, 2))
        if field == "depth_tenth_mm"
        else _three(value, w)
    )


def _limits(made: tuple[Simulated, ...], w: Words) -> Iterable[str]:
    yield w("limit.model")
    yield w("limit.patient")
    for one in made:
        weak = sum(used.status == "recalled" for used in one.delivery.used)
        yield w("limit.numbers", technique=name(one), used=len(one.delivery.used), weak=weak)
        settles = f" {w(f'limit.settles.{one.choice.technique}')}" if one.delivery.run.fidelity == "fast" else ""
        yield w("limit.grid", technique=name(one), spacing=w.number(one.delivery.run.spacing_mm)) + settles
        yield w("limit.neglected", technique=name(one), what="; ".join(one.delivery.neglected))


def _made(one: Simulated, w: Words) -> str:
    run = one.delivery.run
    return w(
        "made.line",
        technique=name(one),
        fidelity=w(f"fidelity.{run.fidelity}"),
        cells=run.cells,
        faces=run.faces,
        seconds=w.number(round(run.wall_s, 1)),
        balance=f"{max(balance.error for balance in one.delivery.balances):.0e}",
        fingerprint=one.delivery.fingerprint[:12],
        model=run.model,
    )
