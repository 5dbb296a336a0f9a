"""What an assessment says: verdicts with reasons, what is missing, which evidence and trials apply. All frozen, all serialisable.

Frozen trees cannot stand in a cycle, so the collector need not look at them (``gc=False``): a server keeps hundreds of assessments.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

Verdict = Literal["open", "open-with-flags", "depends", "closed"]
Role = Literal["applies", "requires", "excludes", "cautions", "refusal"]
Truth = bool | None


class FactUsed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A fact as it entered a criterion."""

    name: str
    description: str
    value: bool | int | float | str | None
    unit: str | None
    state: Literal["known", "inferred", "assumed", "unknown"]
    reason: str = ""
    shown: str = ""
    on: date | None = None
    paths: tuple[str, ...] = ()


class Node(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One node of an explained formula."""

    text: str
    truth: Truth
    operator: str
    children: tuple[Node, ...] = ()


class Reason(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One cited criterion, evaluated. ``effect`` says what it does to the option here and now.

    ``for``: it speaks for the option (requirement met, exclusion ruled out). ``against``: it closes it. ``open-question``: unknown, and
    it matters.
    ``flag``: a caution that holds. ``no-flag``: a caution that does not hold. ``flag-unknown``: a caution that cannot be judged.
    """

    role: Role
    effect: Literal["for", "against", "open-question", "flag", "no-flag", "flag-unknown"]
    truth: Truth
    because: str
    when: str
    tree: Node
    facts: tuple[FactUsed, ...]
    sources: tuple[str, ...]
    verified: bool
    recoverable: bool | None = None
    otherwise: str = ""
    note: str = ""


class Missing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Minimal sets of unknown facts that can still open, and that can still close, an option.

    ``open_parts`` and ``close_parts`` say the same, factored: one set from every part, joined, is a minimal set. They are always whole;
    ``to_open`` and ``to_close`` multiply them out and stay empty where that gives too many sets to read (``factored_only``). A formula
    beyond the exact method's bound says so instead of guessing: ``beyond_bound``, and ``undecided`` lists its unknown facts.
    """

    to_open: tuple[tuple[str, ...], ...] = ()
    to_close: tuple[tuple[str, ...], ...] = ()
    open_parts: tuple[tuple[tuple[str, ...], ...], ...] = ()
    close_parts: tuple[tuple[tuple[str, ...], ...], ...] = ()
    factored_only: bool = False
    beyond_bound: bool = False
    undecided: tuple[str, ...] = ()


class ArmResult(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One regimen or drug choice of a treatment.

    ``by_itself``: judged by its own criteria alone. ``verdict``: the same, but closed where the treatment is closed by its own criteria,
    since nobody can be given a regimen of a treatment that is not open.
    """

    id: str
    name: str
    verdict: Verdict
    by_itself: Verdict
    regimen: str | None
    reasons: tuple[Reason, ...]
    missing: Missing
    evidence_grade: str = ""
    evidence: str = ""
    evidence_sources: tuple[str, ...] = ()


class OptionResult(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One treatment, judged. ``recoverable``: true if all that closes it can recover; unknown where the source does not say."""

    id: str
    name: str
    intent: str
    verdict: Verdict
    closed_because: Literal["not-applicable", "excluded", "not-met", "patient-choice"] | None = None
    recoverable: bool | None = None
    summary: str
    evidence_grade: str
    evidence: str
    evidence_sources: tuple[str, ...]
    reasons: tuple[Reason, ...]
    arms: tuple[ArmResult, ...] = ()
    missing: Missing = Missing()


class Ask(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A missing fact, and the options it can decide. ``decides``: alone it can open or close; ``contributes``: part of a larger set."""

    fact: str
    description: str
    unit: str | None
    decides: tuple[str, ...]
    contributes: tuple[str, ...]
    why_unknown: str


class Contradiction(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something on file that cannot be so, or hardly: what, the facts that it concerns, and why it is known to be unlikely."""

    text: str
    facts: tuple[FactUsed, ...]
    sources: tuple[str, ...] = ()


class StudyMatch(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Would this patient have been in the study? ``depends_on``: unknown facts that decide it.

    ``as-coded``: all coded criteria hold, but the study had others that are not coded (``not_coded``), so the answer is not a plain yes.
    """

    id: str
    name: str
    treatments: tuple[str, ...]
    answer: Literal["yes", "as-coded", "depends", "no", "not-coded"]
    reasons: tuple[Reason, ...]
    depends_on: tuple[str, ...]
    not_coded: tuple[str, ...] = ()


class TrialMatch(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Could this patient enter the trial? ``possible`` while anything is unknown or in ``by_hand``; ``recheck``: its status is old."""

    id: str
    name: str
    identifier: str
    treatments: tuple[str, ...]
    answer: Literal["open", "possible", "closed"]
    status: str
    status_checked: date | None
    recheck: bool
    reasons: tuple[Reason, ...]
    depends_on: tuple[str, ...]
    by_hand: tuple[str, ...]


class PolicyMatch(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an insurer's text says for this case, and what to ask."""

    id: str
    insurer: str
    treatment: str
    answer: Literal["covers", "does-not-cover", "depends", "silent"]
    reasons: tuple[Reason, ...]
    ask: tuple[str, ...]


class Recurrence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Recurrence after CRS with HIPEC: what is known of it and why cancer returns, as it applies here."""

    recognised: Truth
    pattern: str | None
    disease_free_interval_months: float | None
    index_cc: int | None
    index_pci: int | None
    why: tuple[Reason, ...]
    deciding_facts: tuple[FactUsed, ...]


class Provenance(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What made this assessment: the same three hashes give the same bytes."""

    program: str
    knowledge_version: str
    knowledge_hash: str
    facts_hash: str
    on: date


class Assessment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Everything an assessment says. Order of ``options``: by intent, then evidence grade; never a hidden ranking."""

    on: date
    options: tuple[OptionResult, ...]
    ask_next: tuple[Ask, ...]
    contradictions: tuple[Contradiction, ...] = ()
    unknown: tuple[FactUsed, ...]
    assumed: tuple[FactUsed, ...]
    studies: tuple[StudyMatch, ...]
    trials: tuple[TrialMatch, ...]
    policies: tuple[PolicyMatch, ...]
    recurrence: Recurrence
    facts: tuple[FactUsed, ...]
    provenance: Provenance
