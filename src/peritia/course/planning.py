"""``plan_session``: a regimen, a case and a day become a plan. Pure: same case, same library, same day, same plan."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

from peritia import __version__
from peritia.case import Case, facts
from peritia.case.facts import FactValue
from peritia.course.asking import Asker, with_entered
from peritia.course.check import merged
from peritia.course.dose_checks import dose_checks, total_checks
from peritia.course.errors import CourseRefused
from peritia.course.limit import limits
from peritia.course.patient_checks import patient_checks
from peritia.course.plan import Addition, FormulaDoses, Provenance, SessionPlan, Setting
from peritia.course.wording import figure as shown_figure
from peritia.criteria import Value
from peritia.knowledge import Library, library
from peritia.knowledge.dosing import dose, dose_for_body
from peritia.knowledge.figure import Figure
from peritia.knowledge.prescription import Prescription, shown
from peritia.knowledge.regimen import Regimen
from peritia.knowledge.session_check import SessionChecks
from peritia.knowledge.tally import tallies
from peritia.options import facts_hash
from peritia.quantities.body import SurfaceFormula, body_surface

T = TypeVar("T")
FORMULAS: tuple[SurfaceFormula, ...] = ("mosteller", "dubois", "haycock")
_SETTINGS = (
    ("Time of hold or perfusion", "minutes"),
    ("Pressure of the capnoperitoneum", "pressure"),
    ("Injection flow", "injection_flow"),
    ("Injection pressure, at most", "injection_pressure_limit"),
    ("Temperature", "temperature"),
    ("Perfusion flow", "perfusion_flow"),
    ("Bath volume", "bath_volume"),
    ("Interval to the next", "interval"),
    ("Systemic treatment stops before", "washout_before"),
    ("Systemic treatment resumes after", "washout_after"),
)


def plan_session(
    case: Case | Mapping[str, FactValue],
    regimen_id: str,
    on: date,
    *,
    formula: SurfaceFormula = "mosteller",
    device_id: str | None = None,
    entered: Mapping[str, Value] | None = None,
    library_: Library | None = None,
) -> SessionPlan:
    """The plan of one session with a regimen on a day.

    ``entered``: facts known to the person who plans and not yet in the case (``days_since_systemic`` between two cycles of a line that
    goes on); shown as entered. Raises ``CourseRefused`` for a regimen or device that is not on file, or an entered value that fits no fact.
    """
    knowledge = library_ or library()
    regimen = _on_file(knowledge.regimens, regimen_id, "regimen")
    device = _on_file(knowledge.devices, device_id, "device") if device_id else None
    asked = knowledge.session_checks[regimen.route]
    given = with_entered(facts(case, on) if isinstance(case, Case) else case, entered or {})
    asker = Asker(given, knowledge)
    ordered, by_formula, differ = _doses(regimen, given, formula, asked)
    sums = tallies(ordered, asker.values) if ordered is not None else ()
    checklist = knowledge.checklists[asked.checklist]
    week = timedelta(weeks=1)
    low, high = _weeks(regimen.interval)
    after = regimen.washout_after.value if regimen.washout_after is not None else None
    sessions = given["pipac_sessions"].value
    return SessionPlan(
        case_id=case.id if isinstance(case, Case) else None,
        on=on,
        regimen=regimen.id,
        name=regimen.name,
        route=regimen.route,
        protocol=regimen.protocol,
        context=regimen.context,
        number=int(sessions) + 1 if isinstance(sessions, int | float) and regimen.route == "pipac" else None,
        formula=formula,
        height_cm=_number(given, "height_cm"),
        weight_kg=_number(given, "weight_kg"),
        weight_on=given["weight_kg"].on,
        body_surface_m2=ordered.body_surface_m2 if ordered is not None else None,
        by_formula=by_formula,
        formulas_differ=differ,
        prescription=ordered,
        additions=_additions(regimen, ordered),
        hold_minutes=_least(regimen.minutes),
        settings=_settings(regimen, ordered, knowledge),
        notes=_notes(regimen, knowledge),
        entered=dict(entered or {}),
        limits=limits(asked.readings, regimen, device),
        tallies=sums,
        checks=merged(
            (*dose_checks(asker, asked, regimen, ordered), *total_checks(asker, asked, sums), *patient_checks(asker, asked, regimen))
        ),
        checklist=checklist.name,
        steps=checklist.steps,
        run_sheet=checklist.run_sheet,
        abort=checklist.abort,
        next_from=on + low * week if low is not None else None,
        next_to=on + high * week if high is not None else None,
        resume_systemic_on=on + timedelta(days=after) if after is not None else None,
        provenance=Provenance(
            program=f"peritia {__version__}",
            knowledge_version=knowledge.version,
            knowledge_hash=knowledge.hash,
            facts_hash=facts_hash(given),
        ),
    )


def _on_file(files: Mapping[str, T], id_: str, kind: str) -> T:
    if id_ in files:
        return files[id_]
    near = difflib.get_close_matches(id_, files, n=3, cutoff=0.5)
    raise CourseRefused(f"no {kind} is named {id_[:60]!r}", f"one of {', '.join(near or files)}")


def _doses(
    regimen: Regimen, given: Mapping[str, FactValue], formula: SurfaceFormula, asked: SessionChecks
) -> tuple[Prescription | None, tuple[FormulaDoses, ...], bool | None]:
    """The prescription, the doses by every formula, and whether the formulas differ by more than the stated share."""
    height, weight = _number(given, "height_cm"), _number(given, "weight_kg")
    if height is None or weight is None:
        return None, (), None
    surfaces = body_surface(height, weight)
    ordered = dose_for_body(regimen, height, weight, formula=formula)
    by_formula = tuple(
        FormulaDoses(
            formula=name,
            body_surface_m2=surfaces.by(name),
            amounts=tuple(
                f"{one.name} {shown(one.amount)} {one.unit}" if one.amount is not None else f"{one.name} dose not known"
                for one in dose(regimen, surfaces.by(name), weight_kg=weight).agents
            ),
        )
        for name in FORMULAS
    )
    return ordered, by_formula, any(flag.kind == "body-surface" for flag in ordered.flags)


def _additions(regimen: Regimen, ordered: Prescription | None) -> tuple[Addition, ...]:
    """Every part of every dose for a bath, in order of time, then of the regimen."""
    if regimen.route != "hipec" or ordered is None:
        return ()
    found: list[Addition] = []
    for agent, made in zip(regimen.agents, ordered.agents, strict=True):
        for number, part in enumerate(agent.fractions, start=1):
            amount = None if made.amount is None else made.amount * part.share
            found.append(Addition(drug=made.drug, name=made.name, number=number, amount=amount, unit=made.unit, at_minutes=part.at_minutes))
    return tuple(sorted(found, key=lambda one: one.at_minutes))


def _settings(regimen: Regimen, ordered: Prescription | None, knowledge: Library) -> tuple[Setting, ...]:
    made: list[Setting] = []
    stated = {"Technique": regimen.technique, "Electrostatic field": {True: "yes", False: "no", None: None}[regimen.electrostatic]}
    for name, told in stated.items():
        if told is not None:
            read = knowledge.sources[regimen.protocol].verified
            made.append(Setting(name=name, shown=told, sources=(regimen.protocol,), verified=read))
    for name, field in _SETTINGS:
        figure: Figure | None = getattr(regimen, field)
        if figure is None:
            continue
        written = shown_figure(figure)
        if field == "bath_volume" and ordered is not None and ordered.bath_volume_l is not None and figure.unit != "L":
            written = f"{ordered.bath_volume_l:.1f} L ({written})"
        made.append(
            Setting(
                name=name,
                shown=written,
                value=figure.value,
                unit=figure.unit,
                sources=tuple(str(one) for one in figure.citations),
                verified=knowledge.is_verified(figure),
            )
        )
    return tuple(made)


def _notes(regimen: Regimen, knowledge: Library) -> tuple[Setting, ...]:
    """What the protocol notes, and what each drug's label asks to watch and warns of."""
    drugs = [knowledge.drugs[one.drug] for one in (*regimen.agents, *regimen.intravenous)]
    rows = [("Protocol", note) for note in regimen.notes]
    rows += [(drug.name, claim) for drug in drugs for claim in (*drug.monitoring, *drug.warnings)]
    return tuple(
        Setting(name=name, shown=claim.text, sources=tuple(str(one) for one in claim.citations), verified=knowledge.is_verified(claim))
        for name, claim in rows
    )


def _weeks(figure: Figure | None) -> tuple[float | None, float | None]:
    if figure is None:
        return None, None
    return (figure.low if figure.low is not None else figure.value), (figure.high if figure.high is not None else figure.value)


def _least(figure: Figure | None) -> float | None:
    return None if figure is None else figure.value if figure.value is not None else figure.low


def _number(given: Mapping[str, FactValue], name: str) -> float | None:
    value = given[name].value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
