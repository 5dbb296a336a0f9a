"""The dossier as data: made once from the case and its assessment, then set twice, as a page and as a PDF, from the same words.

Frozen trees cannot stand in a cycle, so the collector need not look at them (``gc=False``).
"""

from __future__ import annotations

from datetime import date

import msgspec

from peritia.report.simulated_content import SimulatedSection
from peritia.report.svg import Picture


class Cite(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A number in the list of sources. ``verified`` is false where the source was recalled and not yet read."""

    number: int
    place: str = ""
    verified: bool = True


class Cited(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A sentence and where it comes from."""

    text: str
    cites: tuple[Cite, ...] = ()


class FactLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A fact as read: what, value with unit, then date, original entry and state in small type."""

    name: str
    label: str
    value: str
    detail: str = ""
    state: str = "known"


class ReasonLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One cited criterion: ``standing`` says how it came out (Met, Not met, Present, Ruled out, Not known ...)."""

    effect: str
    standing: str
    text: str
    facts: tuple[FactLine, ...]
    rule: str
    cites: tuple[Cite, ...]
    verified: bool = True
    remark: str = ""


class ReasonGroup(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Reasons that pull the same way. ``compact``: nothing to decide there, so they are set small."""

    effect: str
    title: str
    compact: bool
    reasons: tuple[ReasonLine, ...]


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A verdict's key (its shape and colour) and its word."""

    key: str
    word: str


class VerdictRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A line of the table on the first page."""

    id: str
    name: str
    verdict: Verdict
    why: str
    intent: str
    grade: str
    grade_word: str
    best_arm: str = ""


class AskLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A missing item, and what it decides."""

    text: str
    decides: str
    why_unknown: str = ""


class Recurrence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The recurrence in a sentence, its figures, and why cancer may have returned: what applies here, what is not known, what does not."""

    summary: str
    facts: tuple[FactLine, ...]
    why: tuple[ReasonGroup, ...]


class Arm(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One regimen or drug of an option. ``standing``: how it would stand by itself, where its treatment is closed."""

    name: str
    verdict: Verdict
    standing: str
    regimen: str
    evidence: Cited | None
    groups: tuple[ReasonGroup, ...]
    missing: tuple[str, ...]


class Plot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a figure and its interval stand, in shares of the strip's width. ``low`` without ``high`` runs on as an arrow."""

    match: str
    value: float | None
    low: float | None
    high: float | None


class Axis(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Ticks as (share of the width, number); ``heavy`` is the line of no difference."""

    ticks: tuple[tuple[float, str], ...]
    heavy: float | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A published figure: ``plot`` places it, ``shown`` says it."""

    study: str
    arm: str
    people: str
    plot: Plot
    shown: str
    detail: str
    cites: tuple[Cite, ...]


class OutcomeGroup(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Figures on one clock and one scale. Nothing is pooled."""

    title: str
    note: str
    axis: Axis
    outcomes: tuple[Outcome, ...]


class Study(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Would this patient have been in the study, and why."""

    name: str
    answer: str
    word: str
    about: str
    why: str
    bias: str
    cites: tuple[Cite, ...]


class BriefLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One reason in a sentence; ``key`` is the shape that it borrows."""

    effect: str
    key: str
    text: str
    cites: tuple[Cite, ...]


class BriefArm(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A regimen or drug that is not closed, and what to mind or to ask about it."""

    name: str
    verdict: Verdict
    told: str


class BriefTrial(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A trial that may take the patient, by name."""

    key: str
    name: str
    identifier: str
    status: str


class Brief(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One option in a few lines: what decides it, which of its arms stand, on what evidence, what could change it."""

    id: str
    name: str
    verdict: Verdict
    intent: str
    standing: str
    evidence: Cited
    lines: tuple[BriefLine, ...]
    arms: tuple[BriefArm, ...]
    arms_closed: str
    missing: str


class Settle(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What on file contradicts itself, and the facts that it concerns."""

    text: Cited
    facts: tuple[FactLine, ...]


class Option(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One option with everything that stands for and against it.

    Arms that do not apply and studies that would not have held this patient stand ``apart``, in a line each. A study's figures are
    printed once, under the first option that it informs; ``outcomes_elsewhere`` says where the others are.
    """

    id: str
    name: str
    verdict: Verdict
    why: str
    standing: str
    intent: str
    evidence: Cited
    what_it_is: Cited | None
    groups: tuple[ReasonGroup, ...]
    arms: tuple[Arm, ...]
    arms_apart: tuple[Cited, ...]
    missing: tuple[str, ...]
    benefits: tuple[Cited, ...]
    burdens: tuple[Cited, ...]
    follow_up: tuple[Cited, ...]
    banner: str
    studies: tuple[Study, ...]
    studies_apart: tuple[Cited, ...]
    outcomes: tuple[OutcomeGroup, ...]
    outcomes_elsewhere: str


class Region(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row beside the map."""

    number: int
    name: str
    size: int | None
    meaning: str


class Peritoneum(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The latest scoring as a map, earlier ones as small maps."""

    caption: str
    map: Picture
    regions: tuple[Region, ...]
    history: tuple[tuple[str, Picture | None], ...]
    remark: str = ""


class Timeline(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was done and seen, drawn on a time axis and said in words."""

    picture: Picture | None
    events: tuple[tuple[str, str], ...]


class Trial(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A trial matched to this patient."""

    name: str
    identifier: str
    answer: Verdict
    status: str
    recheck: str
    sites: str
    groups: tuple[ReasonGroup, ...]
    by_hand: tuple[str, ...]
    depends: str
    cites: tuple[Cite, ...]


class Policy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an insurer's text says of a treatment for this patient."""

    insurer: str
    treatment: str
    answer: Verdict
    dated: str
    reasons: tuple[ReasonLine, ...]
    ask: tuple[str, ...]
    cites: tuple[Cite, ...]


class Side(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of PIPAC beside HIPEC."""

    label: str
    left: tuple[Cited, ...]
    right: tuple[Cited, ...]


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A numbered source."""

    number: int
    text: str
    link: str
    link_words: str
    status: str
    verified: bool


class Dossier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Everything the dossier says, in reading order."""

    language: str
    on: date
    title: str
    subtitle: str
    story: str
    question: str
    key_facts: tuple[FactLine, ...]
    verdicts: tuple[VerdictRow, ...]
    settle: tuple[Settle, ...]
    ask_next: tuple[AskLine, ...]
    ask_more: str
    unknown: str
    assumed: str
    recurrence: Recurrence | None
    briefs: tuple[Brief, ...]
    brief_trials: tuple[BriefTrial, ...]
    peritoneum: Peritoneum | None
    timeline: Timeline
    options: tuple[Option, ...]
    beside: tuple[Side, ...]
    beside_heads: tuple[str, str]
    trials: tuple[Trial, ...]
    trials_apart: tuple[Cited, ...]
    policies: tuple[Policy, ...]
    known_facts: tuple[FactLine, ...]
    unknown_facts: tuple[tuple[str, str], ...]
    not_understood: tuple[tuple[str, str, str], ...]
    sources: tuple[Entry, ...]
    made: tuple[tuple[str, str], ...]
    footer: str
    evidence_line: str
    language_note: str
    simulated: SimulatedSection | None = None
