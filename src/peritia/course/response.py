"""The response by every published definition under its own name, the trends, and what speaks for each way on. No verdict is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from peritia.case import Case, facts
from peritia.course.adverse_event import AdverseEvent, SessionToxicity, by_session
from peritia.course.kleene import all_of, any_of
from peritia.course.sign import Course, SignAnswer, read_sign
from peritia.course.trend import QlqAnswers, Trend, trends
from peritia.criteria import Truth
from peritia.knowledge import Library, library
from peritia.knowledge.review import Way
from peritia.options import Reason
from peritia.options.reasons import Judge


class DefinitionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One published definition and its answer. ``missing``: the facts it still needs."""

    score: str
    name: str
    text: str
    truth: Truth
    missing: tuple[str, ...]
    sources: tuple[str, ...]
    verified: bool


class WayAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One way to go on. All ``needed`` must hold; of ``speaks_for`` and ``signs`` one is enough. ``missing``: facts that could decide."""

    id: str
    name: str
    patient: str
    truth: Truth
    needed: tuple[Reason, ...]
    speaks_for: tuple[Reason, ...]
    signs: tuple[SignAnswer, ...]
    missing: tuple[str, ...]


class ResponseReview(msgspec.Struct, frozen=True, kw_only=True):
    """The review of a course on a day. ``due``: whether enough sessions were given to judge it. Ways do not exclude each other."""

    on: date
    due: Truth
    due_because: str
    definitions: tuple[DefinitionAnswer, ...]
    trends: tuple[Trend, ...]
    ways: tuple[WayAnswer, ...]
    toxicity: tuple[SessionToxicity, ...]

    def definition(self, name: str) -> DefinitionAnswer:
        """One definition by its name. Raises ``KeyError``."""
        return {one.name: one for one in self.definitions}[name]

    def way(self, id_: str) -> WayAnswer:
        """One way by its id. Raises ``KeyError``."""
        return {one.id: one for one in self.ways}[id_]


def review_response(
    case: Case,
    on: date,
    *,
    adverse_events: Sequence[AdverseEvent] | None = None,
    qlq: Sequence[QlqAnswers] = (),
    library_: Library | None = None,
) -> ResponseReview:
    """The review of a course of PIPAC. Side effects left out count as not recorded; an empty list says that there were none."""
    knowledge = library_ or library()
    judge = Judge(facts(case, on), knowledge)
    review = knowledge.reviews["pipac"]
    sessions = judge.values["pipac_sessions"]
    events = None if adverse_events is None else tuple(adverse_events)
    course = Course(case=case, on=on, adverse_events=events, qlq=tuple(qlq), sessions=sessions if isinstance(sessions, int) else None)
    due = review.due
    return ResponseReview(
        on=on,
        due=None if due is None else judge.truth(due.formula),
        due_because="" if due is None else due.because,
        definitions=(*_prgs(judge), *_dpci(judge)),
        trends=trends(case, on, qlq),
        ways=tuple(answer_way(way, judge, course) for way in review.ways),
        toxicity=by_session(events or ()),
    )


def answer_way(way: Way, judge: Judge, course: Course) -> WayAnswer:
    """One way against one case: Kleene's AND over what is needed and over one of what speaks for it."""
    needed = tuple(judge.reason(criterion, "requires") for criterion in way.all_of)
    speaks = tuple(judge.reason(criterion, "requires") for criterion in way.any_of)
    signs = tuple(read_sign(sign, course, judge.library) for sign in way.signs)
    one = (any_of((*(reason.truth for reason in speaks), *(sign.truth for sign in signs))),) if speaks or signs else ()
    truth = all_of((*(reason.truth for reason in needed), *one))
    open_ = [reason for reason in (*needed, *speaks) if reason.truth is None] if truth is None else []
    missing = dict.fromkeys(fact.name for reason in open_ for fact in reason.facts if fact.value is None)
    return WayAnswer(
        id=way.id, name=way.name, patient=way.patient, truth=truth, needed=needed, speaks_for=speaks, signs=signs, missing=tuple(missing)
    )


def _prgs(judge: Judge) -> Iterator[DefinitionAnswer]:
    for name, criterion in judge.library.scores["prgs"].responses.items():
        yield DefinitionAnswer(
            score="PRGS",
            name=name,
            text=criterion.because,
            truth=judge.truth(criterion.formula),
            missing=judge.unknown((criterion.formula,)),
            sources=tuple(str(one) for one in criterion.citations),
            verified=judge.library.is_verified(criterion),
        )


def _dpci(judge: Judge) -> Iterator[DefinitionAnswer]:
    change = judge.values["dpci"]
    table = judge.library.scores["dpci"].tables["class"]
    for band in table.bands:
        number = isinstance(change, int | float)
        yield DefinitionAnswer(
            score="PCI",
            name=f"dpci-{band.id}",
            text=f"Change of PCI between two explorations: {band.label}",
            truth=band.holds(float(change)) if number else None,
            missing=() if number else ("dpci",),
            sources=tuple(str(one) for one in table.citations),
            verified=judge.library.is_verified(table),
        )
