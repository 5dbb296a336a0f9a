"""Checks on the plan's own numbers: can the doses be made, are they within published limits, does a lifetime total allow them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from peritia.course.asking import Asker
from peritia.course.check import Answer, Check
from peritia.criteria import Truth
from peritia.knowledge.prescription import FlagKind, Prescription
from peritia.knowledge.regimen import Regimen
from peritia.knowledge.session_check import RuleId, SessionChecks
from peritia.knowledge.tally import Tally

_RULES: Mapping[FlagKind, RuleId] = {
    "trial-only": "trial-only",
    "historic": "former-regimen",
    "above-limit": "single-dose",
    "dose-unknown": "dose-known",
    "body-surface": "formulas-differ",
    "capped": "capped",
}
"""What the dosing warns of, and the rule that says how hard it is."""


def dose_checks(asker: Asker, asked: SessionChecks, regimen: Regimen, ordered: Prescription | None) -> Iterator[Check]:
    """Body surface known, formulas agree, every dose known, single doses within their limits, regimen's standing."""
    body = ("height_cm", "weight_kg")
    rule = asked.rule("body-surface")
    if ordered is None:
        missing = [name for name in body if asker.values[name] is None]
        text = f"The body surface cannot be made: {' and '.join(missing).replace('_cm', '').replace('_kg', '')} not known"
        yield asker.stated(rule, "", "cannot-say", text, facts=body)
    else:
        yield asker.stated(rule, "", "go", f"Body surface {ordered.body_surface_m2:.2f} m2", facts=body)
        yield from _flags(asker, asked, ordered)
    primary = asker.values["primary_site"]
    meant = asked.rule("meant-for")
    if regimen.primaries and primary is not None:
        fits = primary in regimen.primaries
        sentence = f"The protocol {'speaks' if fits else 'does not speak'} of this primary ({primary})"
        yield asker.stated(meant, "", "go" if fits else "no-go", sentence, regimen.evidence.citations, ("primary_site",))


def _flags(asker: Asker, asked: SessionChecks, ordered: Prescription) -> Iterator[Check]:
    warned = {flag.kind for flag in ordered.flags}
    for flag in ordered.flags:
        # A dose that is only capped is given as the protocol says; the two who sign see it.
        answer: Answer = "go" if flag.kind == "capped" else "no-go"
        yield asker.stated(asked.rule(_RULES[flag.kind]), f"{flag.drug} {_short(flag.text)}".strip(), answer, flag.text, flag.citations)
    if "dose-unknown" not in warned:
        yield asker.stated(asked.rule("dose-known"), "", "go", "Every dose follows from the protocol and the body surface")
    if "body-surface" not in warned:
        yield asker.stated(asked.rule("formulas-differ"), "", "go", "The body surface formulas agree within the stated share")
    if not warned & {"above-limit", "trial-only"}:
        yield asker.stated(asked.rule("single-dose"), "", "go", "Every single dose is within its published limits")


def _short(text: str) -> str:
    """The part of a warning that tells it from others of its kind, without the patient's numbers."""
    return text.rpartition(": ")[2] if ": " in text else text.partition(";")[0].partition(" by more than")[0].partition("Body surface ")[0]


def total_checks(asker: Asker, asked: SessionChecks, sums: Iterable[Tally]) -> Iterator[Check]:
    """Lifetime totals over all routes with this session added, against each limit of the drug."""
    for tally in sums:
        hard = tally.fact in asked.lifetime_limits
        rule = asked.rule("lifetime-limit" if hard else "lifetime-notice")
        passed = _both(tally.holds, tally.exceeds)
        answer: Answer = "cannot-say" if passed is None else "no-go" if passed else "go"
        name = f"{tally.fact} <= {tally.limit:g}"
        yield asker.stated(rule, name, answer, _told(tally, passed), tally.citations, (tally.fact,), hard=hard)


def _told(tally: Tally, passed: Truth) -> str:
    added = "an unknown dose" if tally.added is None else f"{tally.added:.1f} {tally.unit}"
    limit = f"{tally.limit:g} {tally.unit}"
    if tally.after is None:
        told = f"The total of {tally.drug} is not known; this session adds {added}; limit {limit}"
    else:
        told = f"Total of {tally.drug} {tally.before:.1f} + {added} = {tally.after:.1f}; limit {limit}"
    if passed is None and tally.after is not None:
        return f"{told}. Whether this limit is meant for the patient is not known: {tally.because}"
    return f"{told}. {tally.because}" if passed is not False else told


def _both(one: Truth, other: Truth) -> Truth:
    """Kleene's AND."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True
