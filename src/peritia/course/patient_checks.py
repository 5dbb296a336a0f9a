"""Checks on the patient: the questions of the day, the drugs' contraindications, the treatment's requirements, wash-out and interval."""

from __future__ import annotations

from collections.abc import Iterator

from peritia.course.asking import Asker
from peritia.course.check import Check
from peritia.knowledge import Arm, Criterion, Library, Treatment
from peritia.knowledge.regimen import Regimen
from peritia.knowledge.session_check import SessionChecks


def patient_checks(asker: Asker, asked: SessionChecks, regimen: Regimen) -> Iterator[Check]:
    """Every question that the case has to answer before this session."""
    drugs = [asker.library.drugs[one.drug] for one in (*regimen.agents, *regimen.intravenous)]
    families = {drug.family for drug in drugs}
    for check in asked.checks:
        if not check.families or families.intersection(check.families):
            yield asker.day_check(check)
    yield from _times(asker, asked, regimen)
    for drug in drugs:
        for criterion in drug.contraindicated:
            yield asker.exclusion(asked.rule("contraindication"), criterion)
    yield from _treatment(asker, asked, regimen)
    for drug in drugs:
        for criterion in drug.cautions:
            yield asker.exclusion(asked.rule("drug-caution"), criterion)
        for change in drug.adjustments:
            usual = f"{drug.name}: {change.because}; {100 * change.give_fraction:g} % of the usual intravenous dose"
            rule = asked.rule("dose-adjustment")
            yield asker.exclusion(rule, Criterion(when=change.when, because=usual, source=change.source, status=change.status))


def treatment_of(regimen: Regimen, asked: SessionChecks, knowledge: Library, asker: Asker) -> tuple[Treatment, Arm | None]:
    """The treatment whose arm the regimen is, not one that cannot apply; else the first that may apply, without an arm."""
    listed = [knowledge.treatments[id_] for id_ in asked.treatments]
    apt = [one for one in listed if all(asker.judge.truth(criterion.formula) is not False for criterion in one.applies)] or listed
    for treatment in apt:
        for arm in treatment.arms:
            if arm.regimen == regimen.id:
                return treatment, arm
    return apt[0], None


def _treatment(asker: Asker, asked: SessionChecks, regimen: Regimen) -> Iterator[Check]:
    treatment, arm = treatment_of(regimen, asked, asker.library, asker)
    parts: tuple[Treatment | Arm, ...] = (treatment,) if arm is None else (treatment, arm)
    for part in parts:
        for criterion in part.requires:
            if not set(asked.facts).intersection(criterion.formula.facts):
                yield asker.requirement(asked.rule("requirement"), criterion)
        for criterion in part.excludes:
            yield asker.exclusion(asked.rule("exclusion"), criterion)
    if treatment.refusal:
        rule = asked.rule("refusal")
        because = "The patient does not want this treatment"
        yield asker.exclusion(rule, Criterion(when=treatment.refusal, because=because, source=tuple(str(one) for one in rule.citations)))


def _times(asker: Asker, asked: SessionChecks, regimen: Regimen) -> Iterator[Check]:
    """The regimen's own interval and wash-out, and the gap after bevacizumab, as conditions over the case's days."""
    interval = regimen.interval
    least = None if interval is None else interval.low if interval.low is not None else interval.value
    if interval is not None and least is not None:
        days = 7 * least
        yield asker.must_hold(
            asked.rule("interval"),
            f"pipac_sessions = 0 OR days_since_pipac >= {days:g}",
            f"At least {least:g} weeks since the last PIPAC, as the regimen asks, or the first",
            f"Less than {least:g} weeks since the last PIPAC, which the regimen asks for",
            interval.citations,
        )
    before = regimen.washout_before
    if before is not None and before.value is not None:
        yield asker.must_hold(
            asked.rule("wash-out"),
            f"systemic_therapy_given = FALSE OR days_since_systemic >= {before.value:g}",
            f"At least {before.value:g} days since the last systemic treatment",
            f"Less than {before.value:g} days since the last systemic treatment",
            before.citations,
        )
    around = "pipac" if regimen.route == "pipac" else "surgery"
    for gap in asker.library.drugs["bevacizumab"].washout:
        if gap.around == around and gap.before.value is not None:
            yield asker.must_hold(
                asked.rule("bevacizumab"),
                f"prior_bevacizumab = FALSE OR days_since_bevacizumab >= {gap.before.value:g}",
                f"At least {gap.before.value:g} days since bevacizumab",
                f"Less than {gap.before.value:g} days since bevacizumab; {gap.before.note}".rstrip("; "),
                gap.before.citations,
            )
