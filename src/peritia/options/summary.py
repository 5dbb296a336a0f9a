"""The one line of the verdict table: why an option is open, waits or is closed."""

from __future__ import annotations

from collections.abc import Sequence

from peritia.knowledge import Treatment
from peritia.options.assessment import ArmResult, Missing, Reason, Verdict


def summary_of(
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
        return _no_arm(arms)
    return _first([_as_closing(reason) for reason in closing])


def _first(sentences: Sequence[str], most: int = 2) -> str:
    more = len(sentences) - most
    return "; ".join(sentences[:most]) + (f"; and {more} more" if more > 0 else "")


def _lower(sentence: str) -> str:
    """For use within a sentence; abbreviations keep their capitals."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


def _no_arm(arms: Sequence[ArmResult]) -> str:
    """Which of the closed arms came nearest, and what closes it."""
    nearest = nearest_arm(arms)
    closing = [reason for reason in nearest.reasons if reason.effect == "against"]
    why = _first([_as_closing(reason) for reason in closing])
    if len(arms) > 1 and any(reason.role == "applies" for reason in closing):  # then none is near: naming one would mislead
        return f"None of {len(arms)} is meant for this patient's disease"
    return f"None of {len(arms)} fits; nearest, {nearest.name}: {why}" if len(arms) > 1 else why


def nearest_arm(arms: Sequence[ArmResult]) -> ArmResult:
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
