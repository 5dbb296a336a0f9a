"""The library as pages of the manual: every treatment with its criteria, and every other kind, with sources and what is unverified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from peritia.knowledge.checks import claims_by_source
from peritia.knowledge.claim import Claim
from peritia.knowledge.kinds import KINDS
from peritia.knowledge.library import Library, library
from peritia.knowledge.printing import UNVERIFIED, Printer
from peritia.knowledge.treatment import Arm, Treatment
from peritia.knowledge.walk import own_citations
from peritia.sources import link, reference

_ROLES = (("Applies if", "applies"), ("Requires", "requires"), ("Is closed by", "excludes"), ("Cautions", "cautions"))


def pages(given: Library | None = None) -> Mapping[str, str]:
    """Markdown pages by relative path. Without a library, the one that ships."""
    shown = given or library()
    written: dict[str, Iterator[str]] = {"treatments.md": _index(shown), "recurrence.md": _recurrence(shown)}
    written |= {f"treatments/{id_}.md": _treatment(treatment, shown) for id_, treatment in shown.treatments.items()}
    written |= {f"{kind}.md": _kind(kind, shown) for kind in KINDS if kind not in ("sources", "treatments")}
    written["bibliography.md"] = _bibliography(shown)
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in written.items()}


def _index(shown: Library) -> Iterator[str]:
    yield from ("# Treatments", "", f"Knowledge of {shown.version}. Research and education only, not a medical device.", "")
    yield from ("| Treatment | Intent | Evidence | Arms | Criteria |", "|---|---|---|---|---|")
    for id_, treatment in shown.treatments.items():
        criteria = sum(len(getattr(part, role)) for part in (treatment, *treatment.arms) for _, role in _ROLES)
        row = (f"[{treatment.name}](treatments/{id_}.md)", treatment.intent, treatment.evidence.grade, len(treatment.arms), criteria)
        yield "| " + " | ".join(map(str, row)) + " |"


def _treatment(treatment: Treatment, shown: Library) -> Iterator[str]:
    to = Printer(shown, depth=1)
    described, evidence = treatment.what_it_is, treatment.evidence
    yield from (f"# {treatment.name}", "", f"Intent: {treatment.intent}. Evidence grade: {evidence.grade}.", "")
    yield from (f"{evidence.sentence}{to.sources(evidence.citations)}", "")
    yield from (f"{described.clinician}{to.sources(described.citations)}", "", f"> {described.patient}", "")
    if treatment.always_open:
        yield from ("Always open, beside every other treatment.", "")
    if treatment.refusal:
        yield from (f"Closed, reversibly, if the patient does not want it: `{treatment.refusal}`.", "")
    if treatment.builds_on:
        yield from (f"What [{treatment.builds_on}]({treatment.builds_on}.md) requires, is closed by and warns of holds here too.", "")
    yield from _criteria(treatment, to, 2)
    for arm in treatment.arms:
        yield from _arm(arm, to)
    for title, claims in (("Benefits", treatment.benefits), ("Burdens", treatment.burdens), ("Follow-up", treatment.follow_up)):
        yield from to.listed(title, (_claim(claim, to) for claim in claims))
    yield from to.listed("Call the same day", (f"{sign.sign}{to.sources(sign.citations)}" for sign in treatment.call_at_once))
    yield from to.listed("Questions to ask", treatment.questions)


def _arm(arm: Arm, to: Printer) -> Iterator[str]:
    yield from (f"## Arm: {arm.name}", "")
    if arm.regimen:
        yield from (f"Regimen: [{arm.regimen}]({to.root}regimens.md#{arm.regimen})", "")
    if arm.evidence:
        yield from (f"Evidence grade {arm.evidence.grade}. {arm.evidence.sentence}{to.sources(arm.evidence.citations)}", "")
    yield from _criteria(arm, to, 3)


def _criteria(part: Treatment | Arm, to: Printer, level: int) -> Iterator[str]:
    for title, role in _ROLES:
        yield from to.listed(title, (to.criterion(criterion) for criterion in getattr(part, role)), level)


def _claim(claim: Claim, to: Printer) -> str:
    patient = f" *To the patient: {claim.patient}*" if claim.patient else ""
    return f"{claim.text}{to.sources(claim.citations)}{patient}"


def _recurrence(shown: Library) -> Iterator[str]:
    to = Printer(shown)
    yield from ("# Recurrence", "", f"Recognised as: {to.criterion(shown.recurrence.recognised)}", "")
    for mechanism in shown.recurrence.mechanisms:
        described = mechanism.what_it_is
        yield from (f"## {mechanism.name}", "", f"{described.clinician}{to.sources(described.citations)}", "", f"> {described.patient}", "")
        yield from (f"- {to.criterion(criterion)}" for criterion in mechanism.criteria)
        yield ""
    yield from ("## What decides", "")
    for factor in shown.recurrence.decides:
        yield f"- {factor.name}: {', '.join(f'`{fact}`' for fact in factor.facts)}{to.sources(own_citations(factor))}"


def _kind(kind: str, shown: Library) -> Iterator[str]:
    to = Printer(shown)
    members: Mapping[str, Any] = getattr(shown, kind)
    yield from (f"# {kind.capitalize()}", "")
    for id_, member in members.items():
        yield from (f"## {id_}", "", f"{getattr(member, 'name', id_)}{to.sources(own_citations(member))}", "")
        if isinstance(member, msgspec.Struct):
            yield from to.struct(member)
        yield ""


def _bibliography(shown: Library) -> Iterator[str]:
    every = ((f"{kind}/{id_}", member) for kind in KINDS for id_, member in getattr(shown, kind).items())
    uses = claims_by_source((*every, ("recurrence", shown.recurrence)))
    yield from ("# Bibliography", "", f"Sources marked {UNVERIFIED} were written down from memory and not read again.", "")
    for id_, source in shown.sources.items():
        address = link(source)
        mark = "" if source.verified else f" {UNVERIFIED}"
        read_at = f" Read at: {source.address}." if source.address else ""
        note = f" *{source.note}*" if source.note else ""
        files = sorted({claim.partition(":")[0] for claim in uses[id_]})
        used = f" Used in: {', '.join(files)}." if files else " Not used."
        yield from (f"## {id_}", "", f"{reference(source)}{mark} {f'<{address}>.' if address else ''}{read_at}{used}{note}", "")
