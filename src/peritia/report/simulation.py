"""Which session to simulate for a patient, and its simulation: the PIPAC and HIPEC regimens that are open or undecided today.

Of each technique the arm with the best verdict is taken, in the order of the assessment; an arm whose protocol's dose is not known is
passed over and told. A technique that is closed is left out, with the reason. What the case does not tell (sex, height, weight) is never
made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from peritia.delivery import Anatomy, Delivery, Plan, plan_from_regimen, predicted, simulate
from peritia.delivery.anatomy import CavityNotReached, PlacementRefused
from peritia.delivery.errors import PlanRefused
from peritia.knowledge.regimen import Regimen
from peritia.options.assessment import ArmResult, Assessment, OptionResult

if TYPE_CHECKING:
    from peritia.case import FactValue
    from peritia.case.prediction import Prediction

Technique = Literal["pipac", "hipec"]
TECHNIQUES: tuple[Technique, ...] = ("pipac", "hipec")
_RANK = {"open": 0, "open-with-flags": 1, "depends": 2}
_BODY = ("sex", "height_cm", "weight_kg")


@dataclass(frozen=True)
class Choice:
    """An arm of an option whose regimen can be simulated."""

    technique: Technique
    option: OptionResult
    arm: ArmResult
    regimen: Regimen


@dataclass(frozen=True, eq=False)
class Simulated:
    """One technique, simulated. ``passed``: regimens tried before it, with why they were passed over."""

    choice: Choice
    delivery: Delivery
    passed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """One technique, not simulated: ``key`` of the sentence that says why, and what fills its gaps."""

    key: str
    gaps: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Simulation:
    """What was simulated, what was left out, and how long it took."""

    made: tuple[Simulated, ...]
    left_out: tuple[LeftOut, ...]
    on_labels: str
    seconds: float

    def predictions(self, assessment: Assessment) -> tuple[Prediction, ...]:
        """Entries for the case."""
        return tuple(predicted(one.delivery, assessment.on) for one in self.made)


def choices(assessment: Assessment, regimens: Mapping[str, Regimen], technique: Technique) -> tuple[Choice, ...]:
    """Arms that are not closed, of options that are not closed, the best verdict first."""
    found = [
        Choice(technique, option, arm, regimens[arm.regimen])
        for option, arm in _arms(assessment, regimens, technique)
        if option.verdict in _RANK and arm.verdict in _RANK and arm.regimen
    ]
    return tuple(sorted(found, key=lambda one: (_RANK[one.option.verdict], _RANK[one.arm.verdict])))


def simulation(
    facts: Mapping[str, FactValue],
    assessment: Assessment,
    regimens: Mapping[str, Regimen],
    *,
    anatomy: Callable[[Plan], Anatomy],
    fidelity: Literal["fast", "field"] = "fast",
    on_labels: str = "",
    progress: Callable[[str, float], None] = lambda what, part: None,
) -> Simulation:
    """Simulate what is open or undecided. ``anatomy`` makes the cavity for a plan. Raises what a spoiled label volume raises."""
    began = perf_counter()
    missing = tuple(name for name in _BODY if name not in facts or facts[name].value is None)
    if missing:
        return Simulation((), (LeftOut("left.body", {"missing": missing}),), on_labels, 0.0)
    made: list[Simulated] = []
    left: list[LeftOut] = []
    for index, technique in enumerate(TECHNIQUES):
        able = choices(assessment, regimens, technique)
        if not able:
            left.append(_closed(assessment, regimens, technique))
            continue

        def told(what: str, part: float, index: int = index) -> None:
            progress(what, (index + part) / len(TECHNIQUES))

        found = _first(able, facts, anatomy, fidelity, told)
        (made if isinstance(found, Simulated) else left).append(found)  # pyright: ignore[reportArgumentType]
    return Simulation(tuple(made), tuple(left), on_labels, perf_counter() - began)


def _first(
    able: tuple[Choice, ...],
    facts: Mapping[str, FactValue],
    anatomy: Callable[[Plan], Anatomy],
    fidelity: Literal["fast", "field"],
    told: Callable[[str, float], None],
) -> Simulated | LeftOut:
    """The first choice that can be planned and simulated."""
    passed: list[tuple[str, str]] = []
    for one in able:
        try:
            told("anatomy", 0.0)
            plan = plan_from_regimen(one.regimen, facts)
            return Simulated(one, simulate(plan, anatomy(plan), fidelity=fidelity, progress=told), tuple(passed))
        except (PlanRefused, PlacementRefused, CavityNotReached) as refused:
            passed.append((one.regimen.name, str(refused)))
    return LeftOut("left.refused", {"technique": able[0].technique.upper(), "why": "; ".join(f"{name}: {why}" for name, why in passed)})


def _arms(assessment: Assessment, regimens: Mapping[str, Regimen], technique: Technique) -> Iterator[tuple[OptionResult, ArmResult]]:
    for option in assessment.options:
        for arm in option.arms:
            regimen = regimens.get(arm.regimen or "")
            if regimen is not None and regimen.route == technique:
                yield option, arm


def _closed(assessment: Assessment, regimens: Mapping[str, Regimen], technique: Technique) -> LeftOut:
    """Why a technique is left out: the options that would give it, and what closes them."""
    options = {option.id: option for option, _ in _arms(assessment, regimens, technique)}
    if not options:
        return LeftOut("left.absent", {"technique": technique.upper()})
    told = [option for option in options.values() if option.closed_because != "not-applicable"] or list(options.values())
    return LeftOut("left.closed", {"technique": technique.upper(), "option": told[0].name, "why": told[0].summary})


def main_drug(made: tuple[Simulated, ...], one: Simulated) -> str:
    """The drug whose figures stand beside the other technique's: one that all give, else the one given first."""
    given = [{drug.drug for drug in other.delivery.drugs} for other in made]
    return next((drug.drug for drug in one.delivery.drugs if all(drug.drug in drugs for drugs in given)), one.delivery.drugs[0].drug)
