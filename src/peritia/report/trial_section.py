"""Trials that may take the patient, what insurers' texts say, and PIPAC beside HIPEC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peritia.options.assessment import Assessment, PolicyMatch, TrialMatch
from peritia.report.content import Cited, Policy, Side, Trial, Verdict
from peritia.report.option_section import claims
from peritia.report.reasons import Teller

if TYPE_CHECKING:
    from peritia.knowledge import Library
    from peritia.knowledge.treatment import Treatment

_TRIAL_MARKS = {"open": "open", "possible": "depends", "closed": "closed"}
_POLICY_MARKS = {"covers": "open", "does-not-cover": "closed", "depends": "depends", "silent": "depends"}
_COMPARED = ("pipac", "crs-hipec")


def trials(assessment: Assessment, library: Library, teller: Teller) -> tuple[Trial, ...]:
    """Trials that may take the patient, those open first."""
    order = ("open", "possible")
    ranked = sorted((match for match in assessment.trials if match.answer in order), key=lambda match: order.index(match.answer))
    return tuple(_trial(match, library, teller) for match in ranked)


def trials_apart(assessment: Assessment, library: Library, teller: Teller) -> tuple[Cited, ...]:
    """Trials that are closed to the patient, in a line each: what stands against it, or that it does not recruit."""
    return tuple(_trial_apart(match, library, teller) for match in assessment.trials if match.answer == "closed")


def policies(assessment: Assessment, library: Library, teller: Teller) -> tuple[Policy, ...]:
    """What insurers' texts say of each option for this patient."""
    names = {option.id: option.name for option in assessment.options}
    return tuple(_policy(match, names.get(match.treatment, match.treatment), library, teller) for match in assessment.policies)


def beside(library: Library, teller: Teller) -> tuple[tuple[Side, ...], tuple[str, str]]:
    """PIPAC beside HIPEC, row by row from their files; empty when either file is absent."""
    pair = [library.treatments.get(name) for name in _COMPARED]
    left, right = pair
    if left is None or right is None:
        return (), ("", "")
    rows = [Side(label=teller.words(f"beside.{row}"), left=_cell(left, row, teller), right=_cell(right, row, teller)) for row in _ROWS]
    return tuple(row for row in rows if row.left or row.right), (left.name, right.name)


_ROWS = ("what", "aim", "evidence", "needs", "stops", "benefits", "burdens", "after")


def _cell(treatment: Treatment, row: str, teller: Teller) -> tuple[Cited, ...]:
    cite = teller.bibliography.cite
    if row == "what":
        return (Cited(text=treatment.what_it_is.clinician, cites=cite(treatment.what_it_is.citations)),)
    if row == "aim":
        return (Cited(text=teller.words.get(f"intent.{treatment.intent}", treatment.intent)),)
    if row == "evidence":
        return (Cited(text=treatment.evidence.sentence, cites=cite(treatment.evidence.citations)),)
    if row in ("needs", "stops"):
        criteria = treatment.requires if row == "needs" else treatment.excludes
        return tuple(Cited(text=criterion.because, cites=cite(criterion.citations)) for criterion in criteria)
    return claims({"benefits": treatment.benefits, "burdens": treatment.burdens, "after": treatment.follow_up}[row], teller)


def _trial(match: TrialMatch, library: Library, teller: Teller) -> Trial:
    w, trial = teller.words, library.trials.get(match.id)
    checked = w("trial.checked", day=w.day(match.status_checked)) if match.status_checked else w("trial.unchecked")
    return Trial(
        name=match.name,
        identifier=match.identifier,
        answer=Verdict(key=_TRIAL_MARKS[match.answer], word=w(f"trial.{match.answer}")),
        status=f"{w.get(f'trial.status.{match.status}', w.category(match.status))}, {checked}",
        recheck=w("trial.recheck") if match.recheck else "",
        sites=", ".join(trial.sites) if trial else "",
        groups=teller.groups(match.reasons),
        by_hand=match.by_hand,
        depends=w("study.depends", facts=teller.some(match.depends_on)) if match.depends_on else "",
        cites=teller.bibliography.cite(trial.citations) if trial else (),
    )


def _trial_apart(match: TrialMatch, library: Library, teller: Teller) -> Cited:
    trial = library.trials.get(match.id)
    against = "; ".join(teller.against(reason) for reason in match.reasons if reason.effect == "against")
    status = teller.words.get(f"trial.status.{match.status}", teller.words.category(match.status))
    parts = (f"{match.name} ({match.identifier}), {status}", against)
    return Cited(text=". ".join(part for part in parts if part), cites=teller.bibliography.cite(trial.citations) if trial else ())


def _policy(match: PolicyMatch, treatment: str, library: Library, teller: Teller) -> Policy:
    w, policy = teller.words, library.policies.get(match.id)
    dated = (w.day(policy.date) if policy.date else policy.date_note) if policy else ""
    return Policy(
        insurer=match.insurer,
        treatment=treatment,
        answer=Verdict(key=_POLICY_MARKS[match.answer], word=w(f"policy.{match.answer}")),
        dated=w("policy.dated", day=dated) if dated else w("policy.undated"),
        reasons=tuple(teller.reason(reason) for reason in match.reasons),
        ask=match.ask,
        cites=teller.bibliography.cite(policy.citations) if policy else (),
    )
