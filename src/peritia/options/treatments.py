"""One treatment against one case: verdict, why, arms, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from peritia.criteria import Formula, MissingSetsTooMany, Truth, missing_parts, missing_sets
from peritia.knowledge import Arm, Criterion, Treatment
from peritia.options.assessment import ArmResult, Missing, OptionResult, Reason, Role, Verdict
from peritia.options.formulas import ALIVE, arm_opens, arm_opens_clean, opens, opens_clean
from peritia.options.reasons import Judge

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
        summary=_summary(treatment, verdict, closed_because, reasons, arms, missing),
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
    nearest = {reason.role for reason in _nearest(arms).reasons if reason.effect == "against"}
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


def _summary(
    treatment: Treatment,
    verdict: Verdict,
    closed_because: str | None,
    reasons: Sequence[Reason],
    arms: Sequence[ArmResult],
    missing: Missing,
) -> str:
    """The one line of the verdict table."""
    if verdict == "closed":
        return _closed_summary(closed_because, reasons, arms)
    if verdict == "depends":
        return _depends_summary(missing)
    best = min(arms, key=_best_first, default=None)
    sentence = f"Open with {best.name}" if best and len(arms) > 1 else "Open"
    if verdict == "open-with-flags":
        flags = [reason for reason in (*reasons, *(best.reasons if best else ())) if reason.effect in ("flag", "flag-unknown")]
        held = [reason.because for reason in flags if reason.effect == "flag"]
        # What is always open waits for nothing: an unknown caution there is no flag.
        pending = 0 if treatment.always_open else len(flags) - len(held)
        waiting = f"{pending} caution{'' if pending == 1 else 's'} cannot be judged yet" if pending else ""
        sentence += ": " + "; ".join(part for part in (_first(held), waiting) if part)
    return sentence


def _depends_summary(missing: Missing) -> str:
    if missing.beyond_bound:
        return f"{len(missing.undecided)} missing items bear on it, in more combinations than can be listed"
    if not missing.open_parts:
        return "Cannot open as things stand, but not yet certainly closed"
    shortest = sum(min(len(names) for names in part) for part in missing.open_parts)
    alone = sum(len(names) == 1 for part in missing.close_parts for names in part) if len(missing.close_parts) == 1 else 0
    closing = f"; {alone} could close it alone" if alone else ""
    return f"{shortest} item{'' if shortest == 1 else 's'} missing to open it{closing}"


def _best_first(arm: ArmResult) -> tuple[int, int, int]:
    """The better verdict, then fewer flags that hold, then fewer cautions still unknown; then the order of the library."""
    effects = [reason.effect for reason in arm.reasons]
    return _ORDER[arm.verdict], effects.count("flag"), effects.count("flag-unknown")


_ORDER: dict[Verdict, int] = {"open": 0, "open-with-flags": 1, "depends": 2, "closed": 3}


def _closed_summary(closed_because: str | None, reasons: Sequence[Reason], arms: Sequence[ArmResult]) -> str:
    closing = [reason for reason in reasons if reason.effect == "against"]
    if closed_because == "not-applicable" and closing:
        return "Not applicable: " + _first([_as_closing(reason) for reason in closing if reason.role == "applies"])
    if closed_because == "patient-choice":
        return "The patient does not want it (reversible)"
    if not closing:
        return _nearest_arm(arms)
    return _first([_as_closing(reason) for reason in closing])


def _first(sentences: Sequence[str], most: int = 2) -> str:
    more = len(sentences) - most
    return "; ".join(sentences[:most]) + (f"; and {more} more" if more > 0 else "")


def _lower(sentence: str) -> str:
    """For use within a sentence; abbreviations keep their capitals."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


def _nearest_arm(arms: Sequence[ArmResult]) -> str:
    """Which of the closed arms came nearest, and what closes it."""
    nearest = _nearest(arms)
    closing = [reason for reason in nearest.reasons if reason.effect == "against"]
    why = _first([_as_closing(reason) for reason in closing])
    if len(arms) > 1 and any(reason.role == "applies" for reason in closing):  # then none is near: naming one would mislead
        return f"None of {len(arms)} is meant for this patient's disease"
    return f"None of {len(arms)} fits; nearest, {nearest.name}: {why}" if len(arms) > 1 else why


def _nearest(arms: Sequence[ArmResult]) -> ArmResult:
    """An arm that does not apply is further off than one that lacks something; then the one with the fewest reasons against it."""

    def distance(arm: ArmResult) -> tuple[int, int]:
        closing = [reason for reason in arm.reasons if reason.effect == "against"]
        return sum(reason.role == "applies" for reason in closing), len(closing)

    return min(arms, key=distance)


def _as_closing(reason: Reason) -> str:
    """An exclusion that holds reads as it stands; what fails reads by its own word for it, or as not met."""
    if reason.role == "excludes":
        return reason.because
    return reason.otherwise or f"not met: {_lower(reason.because)}"
