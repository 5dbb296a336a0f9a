"""Simulations asked for on a page: run one at a time in the background, kept beside the record, shown as figures and tables.

A simulation is named by all that its plan is made of: the same plan is never computed twice. What a page shows is written with it, so
that showing needs neither arrays nor solvers; their compiled kernels take seconds to load, and only the worker loads them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from peritia import __version__
from peritia.case.facts import FactValue
from peritia.case.prediction import Prediction
from peritia.errors import PeritiaError
from peritia.quantities.body import SurfaceFormula
from peritia.web.language import marked

if TYPE_CHECKING:
    from peritia.delivery import Delivery

LOG = logging.getLogger("peritia.web")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One region for one drug; unknown where the region has no open surface."""

    region: int
    name: str
    area_cm2: float
    landed_mg_per_m2: float | None
    taken_up_mg_per_m2: float | None
    depth_half_mm: float | None
    depth_tenth_mm: float | None
    depth_ic50_mm: float | None
    temperature_c: float | None


class DrugShown(msgspec.Struct, frozen=True, kw_only=True):
    """One drug in figures. ``plasma``: species, peak (mg/L) and area under the curve over 24 h (mg h/L)."""

    drug: str
    dose_mg: float
    mean_mg_per_m2: float
    d95_mg_per_m2: float
    coverage: float
    homogeneity: float
    mean_depth_tenth_mm: float
    worst_region: int
    absorbed_mg: float | None
    rows: tuple[Row, ...]
    plasma: tuple[tuple[str, float, float], ...]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a delivery that a page shows."""

    kind: str
    made_at: str
    program: str
    model: str
    fidelity: str
    anatomy: str
    drugs: tuple[DrugShown, ...]
    figures: tuple[tuple[str, str], ...]
    balances: tuple[tuple[str, float], ...]
    neglected: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    prediction: Prediction | None = None

    def figure(self, *stems: str) -> str:
        """The SVG of the first of these that there is; '' without any."""
        found = dict(self.figures)
        return next((found[stem] for stem in stems if stem in found), "")


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """Under way: what is being done and which part of the whole stands done, 0 to 1; or why it failed."""

    what: str
    part: float
    failed: str = ""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be simulated: a regimen for the facts of a day by this body surface formula."""

    on: date
    regimen: str
    formula: SurfaceFormula
    facts: Mapping[str, FactValue]


class Simulations:
    """The simulations of a house. One runs at a time; the rest wait their turn, so that pages keep answering."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._workers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="simulation")
        self._running: dict[str, Running] = {}
        self._lock = Lock()

    def shown(self, name: str) -> Shown | None:
        """The simulation as pages show it; none before it was made."""
        try:
            return msgspec.json.decode((self.folder / f"{name}.json").read_bytes(), type=Shown)
        except (OSError, msgspec.MsgspecError):
            return None

    def running(self, name: str) -> Running | None:
        """How far it is, or why it failed."""
        with self._lock:
            return self._running.get(name)

    def start(self, name: str, asked: Asked, at: datetime) -> None:
        """Begin, unless it runs or is made already."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._lock:
            standing = self._running.get(name)
            if standing is not None and not standing.failed:
                return
            self._running[name] = Running(what=marked("Waiting its turn"), part=0.0)
        self._workers.submit(self._run, name, asked, at)

    def _tell(self, name: str, what: str, part: float, failed: str = "") -> None:
        with self._lock:
            self._running[name] = Running(what=what, part=part, failed=failed)

    def _run(self, name: str, asked: Asked, at: datetime) -> None:
        try:
            from peritia.delivery.storage import write_atomically

            shown = _made(asked, at, self.folder / f"{name}.npz", lambda what, part: self._tell(name, what, part))
            write_atomically(self.folder / f"{name}.json", msgspec.json.encode(shown))
        except PeritiaError as refused:
            self._tell(name, "", 0.0, f"{refused}.")
            return
        except Exception as error:  # a thread has nobody above it: what nobody foresaw is told without its text
            LOG.error("simulation: %s", type(error).__name__)
            self._tell(name, "", 0.0, marked("The simulation failed in a way that nobody foresaw. Nothing was written."))
            return
        with self._lock:
            self._running.pop(name, None)


def _made(asked: Asked, at: datetime, place: Path, tell: Callable[[str, float], None]) -> Shown:
    from peritia.delivery import anatomy_for, plan_from_regimen, save, simulate

    plan = plan_from_regimen(asked.regimen, asked.facts, formula=asked.formula)
    tell(marked("Making the abdomen"), 0.1)
    anatomy = anatomy_for(plan)
    tell(marked("Following the drug"), 0.4)
    delivery = simulate(plan, anatomy, progress=lambda what, part: tell(what, 0.4 + 0.3 * part))
    tell(marked("Writing it down"), 0.7)
    save(delivery, place)
    tell(marked("Drawing"), 0.8)
    return show(delivery, at, asked.on)


def show(delivery: Delivery, at: datetime, on: date | None = None) -> Shown:
    """A delivery in what a page shows, and the entry that the case can take of it. ``on``: the day of the session."""
    from peritia.delivery.prediction import predicted

    return Shown(
        kind=delivery.plan.kind,
        made_at=at.isoformat(timespec="seconds"),
        program=__version__,
        model=delivery.run.model,
        fidelity=delivery.run.fidelity,
        anatomy=delivery.anatomy,
        drugs=tuple(_drug(delivery, number) for number in range(len(delivery.drugs))),
        figures=tuple(_figures(delivery)),
        balances=tuple((one.name, one.error) for one in delivery.balances),
        neglected=delivery.neglected,
        notes=delivery.notes,
        warnings=delivery.plan.warnings,
        prediction=predicted(delivery, on),
    )


def _figures(delivery: Delivery) -> Iterator[tuple[str, str]]:
    """The figures that a page shows, by name; drawing a map takes the longest of all, so no map is drawn that is not shown."""
    from peritia.delivery import figures

    for one in delivery.drugs:
        yield f"map-{one.drug}", figures.peritoneal_map(delivery, one.drug)
        yield f"regions-{one.drug}", figures.region_figure(delivery, one.drug)
        yield f"depth-{one.drug}", figures.depth_figure(delivery, one.drug)
    yield "histogram", figures.histogram_figure(delivery)
    yield "plasma", figures.plasma_figure(delivery)
    if delivery.plan.kind == "hipec":
        yield "temperature", figures.temperature_figure(delivery)
        yield "map-temperature", figures.peritoneal_map(delivery, delivery.drugs[0].drug, "temperature_c")


def _drug(delivery: Delivery, number: int) -> DrugShown:
    from peritia.delivery import drug_metrics, region_table

    one = delivery.drugs[number]
    metrics = drug_metrics(delivery, one)
    rows = tuple(
        Row(
            region=row.region,
            name=row.name,
            area_cm2=row.area_cm2,
            landed_mg_per_m2=_known(row.landed_mg_per_m2),
            taken_up_mg_per_m2=_known(row.taken_up_mg_per_m2),
            depth_half_mm=_known(row.depth_half_mm),
            depth_tenth_mm=_known(row.depth_tenth_mm),
            depth_ic50_mm=_known(row.depth_ic50_mm),
            temperature_c=_known(row.temperature_c),
        )
        for row in region_table(delivery)
        if row.drug == one.drug
    )
    return DrugShown(
        drug=one.drug,
        dose_mg=one.dose_mg,
        mean_mg_per_m2=metrics.mean_mg_per_m2,
        d95_mg_per_m2=metrics.d95_mg_per_m2,
        coverage=metrics.coverage,
        homogeneity=metrics.homogeneity,
        mean_depth_tenth_mm=metrics.mean_depth_tenth_mm,
        worst_region=metrics.worst_region,
        absorbed_mg=delivery.absorbed_mg.get(one.drug),
        rows=rows,
        plasma=tuple((curve.species, curve.peak, curve.auc_24h) for curve in delivery.plasma if curve.drug == one.drug),
    )


def _known(value: float) -> float | None:
    """A number, or None for what is not one: JSON has no other word for it."""
    return None if value != value else float(value)
