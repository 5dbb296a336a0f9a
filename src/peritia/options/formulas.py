"""A treatment's criteria as single formulas: when it opens, and when it opens without a flag.

One treatment opens if the patient is alive, it applies, all of ``requires`` hold, none of ``excludes`` holds, it is not refused, and at
least one arm opens. It opens *clean* if, on top, no caution of the treatment holds and there is an open arm none of whose cautions holds.
The explaining assessment and the bulk assessment both read these, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from peritia.criteria import Formula, conjunction, disjunction, negation
from peritia.knowledge import Arm, Criterion, Library, Treatment, formula

ALIVE = Criterion(when="alive", because="The patient is alive", otherwise="The patient has died", source=("peritia-synthesis",))  # pyright: ignore[reportArgumentType]
"""What every option and every trial asks first. No file says it, since it needs no evidence."""


@cache
def opens(treatment: Treatment) -> Formula | None:
    """True: open (with or without flags). False: closed. Unknown: depends. ``None`` if nothing can close it."""
    parts = _base(treatment)
    if treatment.arms:
        arms = [arm_opens(arm) for arm in treatment.arms]
        if all(arm is not None for arm in arms):
            parts.append(disjunction([arm for arm in arms if arm is not None]))
    return conjunction(parts) if parts else None


@cache
def opens_clean(treatment: Treatment) -> Formula | None:
    """True: open, and no caution holds or is unknown. ``None`` if nothing can flag or close it."""
    parts = _base(treatment) + [negation(caution.formula) for caution in treatment.cautions]
    if treatment.arms:
        arms = [arm_opens_clean(arm) for arm in treatment.arms]
        if all(arm is not None for arm in arms):
            parts.append(disjunction([arm for arm in arms if arm is not None]))
    return conjunction(parts) if parts else None


@cache
def arm_opens(arm: Arm) -> Formula | None:
    """The arm's own criteria; the treatment's stand beside them."""
    parts = _criteria(arm.applies, arm.requires, arm.excludes)
    return conjunction(parts) if parts else None


@cache
def arm_opens_clean(arm: Arm) -> Formula | None:
    """As ``arm_opens``, and no caution of the arm holds."""
    parts = _criteria(arm.applies, arm.requires, arm.excludes) + [negation(caution.formula) for caution in arm.cautions]
    return conjunction(parts) if parts else None


def _base(treatment: Treatment) -> list[Formula]:
    parts = [ALIVE.formula, *_criteria(treatment.applies, treatment.requires, treatment.excludes)]
    if treatment.refusal:
        parts.append(negation(formula(treatment.refusal)))
    return parts


def _criteria(applies: Sequence[Criterion], requires: Sequence[Criterion], excludes: Sequence[Criterion]) -> list[Formula]:
    needed = [criterion.formula for criterion in (*applies, *requires)]
    return needed + [negation(criterion.formula) for criterion in excludes]


def holds(criteria: Sequence[Criterion]) -> Formula | None:
    """All inclusions hold and no exclusion does: the population of a study, the eligibility of a trial. ``None`` if nothing is coded."""
    parts = [negation(criterion.formula) if criterion.exclude else criterion.formula for criterion in criteria]
    return conjunction(parts) if parts else None


def every_formula(library: Library) -> dict[str, Formula]:
    """Every formula that a bulk assessment needs, by name.

    ``option.<id>`` and ``option.<id>.clean``, ``arm.<treatment>.<id>``, ``study.<id>``, ``trial.<id>``.
    """
    found: dict[str, Formula | None] = {}
    for treatment in library.treatments.values():
        found[f"option.{treatment.id}"] = opens(treatment)
        found[f"option.{treatment.id}.clean"] = opens_clean(treatment)
        for arm in treatment.arms:
            found[f"arm.{treatment.id}.{arm.id}"] = arm_opens(arm)
    found |= {f"study.{study.id}": holds(study.population) for study in library.studies.values()}
    found |= {f"trial.{trial.id}": holds((ALIVE, *trial.criteria)) for trial in library.trials.values()}
    return {name: formula for name, formula in found.items() if formula is not None}
