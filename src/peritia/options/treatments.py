"""One treatment against one case: verdict, why, arms, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from peritia.criteria import Formula, MissingSetsTooMany, Truth, missing_parts, missing_sets
from peritia.knowledge import Arm, Criterion, Treatment
from peritia.options.assessment import ArmResult, Missing, OptionResult, Reason, Role, Verdict
from peritia.options.formulas import ALIVE, arm_opens, arm_opens_clean, opens, opens_clean
from peritia.options.reasons import Judge
from peritia.options.summary import nearest_arm, summary_of

_NOTHING_MISSING = Missing()


def judge_treatment(treatment: Treatment, judge: Judge) -> OptionResult:
    """The verdict of Kleene logic over the treatment's criteria, with every reason shown, for and against."""
    own = _reasons(judge, treatment.applies, treatment.requires, treatment.excludes, treatment.cautions)
    reasons = not_alive(judge) + own + _refusal(treatment, judge)
    closing = [reason for reason in reasons if reason.effect == "against"]
    arms = tuple(_judge_arm(arm, judge, shut=bool(closing)) for arm in treatment.arms)
    formula, clean = opens(treatment), opens_clean(treatment)
    verdict = _always_open_verdict(treatment, reasons) if treatment.always_open else _verdict(_truth(formula, judge), _truth(clean, judge))
    closed_because = _closed_because(closing, arms) if verdict == "closed" else None
    missing = _missing(formula, judge) if verdict == "depends" else _NOTHING_MISSING
    return OptionResult(
        id=treatment.id,
        name=treatment.name,
        intent=treatment.intent,
        verdict=verdict,
        closed_because=closed_because,
        recoverable=_recoverable(closing, arms) if verdict == "closed" else None,
        summary=summary_of(treatment, verdict, closed_because, reasons, arms, missing),
        evidence_grade=treatment.evidence.grade,
        evidence=treatment.evidence.sentence,
        evidence_sources=tuple(str(citation) for citation in treatment.evidence.citations),
        reasons=reasons,
        arms=arms,
        missing=missing,
    )


def _judge_arm(arm: Arm, judge: Judge, *, shut: bool) -> ArmResult:
    formula, clean = arm_opens(arm), arm_opens_clean(arm)
    by_itself = _verdict(_truth(formula, judge), _truth(clean, judge))
    return ArmResult(
        id=arm.id,
        name=arm.name,
        verdict="closed" if shut else by_itself,
        by_itself=by_itself,
        regimen=arm.regimen or None,
        reasons=_reasons(judge, arm.applies, arm.requires, arm.excludes, arm.cautions),
        missing=_missing(formula, judge) if by_itself == "depends" else _NOTHING_MISSING,
        evidence_grade=arm.evidence.grade if arm.evidence else "",
        evidence=arm.evidence.sentence if arm.evidence else "",
        evidence_sources=tuple(str(citation) for citation in arm.evidence.citations) if arm.evidence else (),
    )


def _reasons(
    judge: Judge, applies: Sequence[Criterion], requires: Sequence[Criterion], excludes: Sequence[Criterion], cautions: Sequence[Criterion]
) -> tuple[Reason, ...]:
    roles: tuple[tuple[Role, Sequence[Criterion]], ...] = (
        ("applies", applies),
        ("requires", requires),
        ("excludes", excludes),
        ("cautions", cautions),
    )
    return tuple(judge.reason(criterion, role) for role, criteria in roles for criterion in criteria)


def not_alive(judge: Judge) -> tuple[Reason, ...]:
    """Said only of a patient who has died, or of whom it is not known."""
    reason = judge.reason(ALIVE, "applies")
    return () if reason.truth else (reason,)


def _refusal(treatment: Treatment, judge: Judge) -> tuple[Reason, ...]:
    if not treatment.refusal:
        return ()
    criterion = Criterion(when=treatment.refusal, because="The patient does not want this treatment", source=(), recoverable=True)
    return (judge.reason(criterion, "refusal"),)


def _truth(formula: Formula | None, judge: Judge) -> Truth:
    return True if formula is None else judge.truth(formula)


def _verdict(truth: Truth, clean: Truth) -> Verdict:
    """Open needs every caution ruled out: an unknown caution is a flag, since unknown is not no."""
    if truth is None:
        return "depends"
    if not truth:
        return "closed"
    return "open" if clean else "open-with-flags"


def _always_open_verdict(treatment: Treatment, reasons: Iterable[Reason]) -> Verdict:
    effects = {(reason.role, reason.effect) for reason in reasons}
    if ("refusal", "against") in effects or ("applies", "against") in effects:
        return "closed"
    return "open-with-flags" if ("cautions", "flag") in effects else "open"


def _missing(formula: Formula | None, judge: Judge) -> Missing:
    if formula is None:
        return _NOTHING_MISSING
    try:
        parts = missing_parts(formula, judge.values)
    except MissingSetsTooMany:
        return Missing(beyond_bound=True, undecided=judge.unknown([formula]))
    try:
        sets = missing_sets(formula, judge.values)
    except MissingSetsTooMany:
        return Missing(open_parts=parts.to_true, close_parts=parts.to_false, factored_only=True)
    return Missing(to_open=sets.to_true, to_close=sets.to_false, open_parts=parts.to_true, close_parts=parts.to_false)


def _closed_because(closing: Sequence[Reason], arms: Sequence[ArmResult]):
    roles = {reason.role for reason in closing}
    if "applies" in roles:
        return "not-applicable"
    if "refusal" in roles:
        return "patient-choice"
    if "excludes" in roles:
        return "excluded"
    if "requires" in roles:
        return "not-met"
    nearest = {reason.role for reason in nearest_arm(arms).reasons if reason.effect == "against"}
    return "excluded" if "excludes" in nearest else "not-met"


def _recoverable(closing: Sequence[Reason], arms: Sequence[ArmResult]) -> bool | None:
    """True if all that closes the option can pass; false if one thing cannot; unknown if the source does not say.

    If only the arms close it, one recoverable arm is enough.
    """
    if closing:
        return _all_recoverable(closing)
    answers = [_all_recoverable([reason for reason in arm.reasons if reason.effect == "against"]) for arm in arms]
    if True in answers:
        return True
    return None if None in answers else False


def _all_recoverable(closing: Sequence[Reason]) -> bool | None:
    answers = {reason.recoverable for reason in closing}
    if False in answers:
        return False
    return None if None in answers else True
