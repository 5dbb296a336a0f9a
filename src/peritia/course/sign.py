"""Signs that no single fact says: worked out over several entries of the course, three-valued, with what was found in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import msgspec

from peritia.case import Case
from peritia.course.adverse_event import AdverseEvent
from peritia.course.trend import Point, QlqAnswers, marker_values, surgical_pcis
from peritia.criteria import Truth
from peritia.knowledge import Library
from peritia.knowledge.review import Sign, SignId
from peritia.knowledge.scoring import clavien_dindo, qlq_c30, qlq_change


class SignAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A sign, whether it holds, and what was found."""

    sign: str
    because: str
    truth: Truth
    found: str
    sources: tuple[str, ...]
    verified: bool


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """What signs are read from. ``adverse_events`` left out: none was recorded, which does not say that there were none."""

    case: Case
    on: date
    adverse_events: tuple[AdverseEvent, ...] | None = None
    qlq: tuple[QlqAnswers, ...] = ()
    sessions: int | None = None


def read_sign(sign: Sign, course: Course, library: Library) -> SignAnswer:
    """The answer of one sign."""
    truth, found = _READERS[sign.sign](sign, course, library)
    return SignAnswer(
        sign=f"{sign.sign}: {sign.marker}" if sign.marker else sign.sign,
        because=sign.because,
        truth=truth,
        found=found,
        sources=tuple(str(one) for one in sign.citations),
        verified=library.is_verified(sign),
    )


def _number(sign: Sign, name: str) -> float:
    value = sign.numbers[name].value
    return value if value is not None else float("nan")


def _toxicity(sign: Sign, course: Course, library: Library) -> tuple[Truth, str]:
    if course.adverse_events is None:
        return None, "side effects are not recorded"
    least = _number(sign, "at_least")
    high = [one for one in course.adverse_events if one.grade >= least and one.onset <= course.on]
    related = [one for one in high if one.related_to("intraperitoneal-drug")]
    if related:
        return True, "; ".join(f"{one.term}, {one.ctcae}" for one in related)
    if any(not one.attributions for one in high):
        return None, "a side effect of this grade is not attributed yet"
    return False, f"none of {len(course.adverse_events)} recorded"


def _complications(sign: Sign, course: Course, library: Library) -> tuple[Truth, str]:
    least = _number(sign, "at_least")
    sessions = [one for one in course.case.pipac if one.on is None or one.on <= course.on]
    graded = [clavien_dindo(one.clavien_dindo) for one in sessions if one.clavien_dindo is not None]
    graded += [found for one in course.adverse_events or () if one.onset <= course.on and (found := one.complication) is not None]
    worst = max(graded, key=lambda one: one.rank, default=None)
    if worst is not None and worst.rank >= least:
        return True, f"Clavien-Dindo {worst}"
    if not sessions or any(one.clavien_dindo is None for one in sessions):
        return None, "not every session has its Clavien-Dindo grade"
    return False, f"at most Clavien-Dindo {worst}"


def _explorations(sign: Sign, course: Course, library: Library) -> tuple[Truth, str]:
    rise, times = _number(sign, "rise"), round(_number(sign, "times"))
    if course.sessions is not None and course.sessions <= times:
        return False, f"{course.sessions} sessions; {times + 1} explorations are needed"
    first = min((one.on for one in course.case.pipac if one.on is not None), default=None)
    found = [value for on, value in surgical_pcis(course.case, course.on) if first is not None and on >= first][-(times + 1) :]
    if len(found) < times + 1:
        return None, f"{len(found)} explorations with PIPAC are recorded"
    known = [value for value in found if value is not None]
    steps = [None if before is None or after is None else after - before for before, after in pairwise(found)]
    told = "PCI " + ", ".join("not whole" if value is None else str(value) for value in found)
    if any(step is not None and step < rise for step in steps):
        return False, told
    return (True if len(known) == len(found) else None), told


def _usable(sign: Sign, course: Course) -> list[Point]:
    """Values of the marker since the last cytoreduction, those too soon after it left out."""
    operations = [one.on for one in course.case.cytoreductions if one.on is not None and one.on <= course.on and one.completed is not False]
    values = marker_values(course.case, sign.marker, course.on)
    if not operations:
        return list(values)
    begin = max(operations) + timedelta(days=_number(sign, "after_days"))
    return [point for point in values if point.on >= begin]


def _cut_off(sign: Sign, library: Library) -> float | None:
    return library.scores["tumour-markers"].cut_offs[sign.marker].value


def _doubling(sign: Sign, course: Course, library: Library) -> tuple[Truth, str]:
    values, limit = _usable(sign, course), _cut_off(sign, library)
    if not values or limit is None:
        return None, f"no {sign.marker.upper()} since the operation"
    borders = [_number(sign, "factor") * max(limit, min(point.value for point in values[: place + 1])) for place in range(len(values))]
    return _twice(sign, values, [point.value >= border for point, border in zip(values, borders, strict=True)])


def _raised(sign: Sign, course: Course, library: Library) -> tuple[Truth, str]:
    values, limit = _usable(sign, course), _cut_off(sign, library)
    if not values or limit is None:
        return None, f"no {sign.marker.upper()} since the operation"
    return _twice(sign, values, [point.value > limit for point in values])


def _twice(sign: Sign, values: Sequence[Point], raised: Sequence[bool]) -> tuple[Truth, str]:
    told = f"{sign.marker.upper()} " + ", ".join(f"{point.value:g} ({point.on})" for point in values[-3:])
    if any(one and other for one, other in pairwise(raised)):
        return True, told
    return (None, f"{told}; not confirmed by a second value yet") if raised[-1] else (False, told)


def _quality(sign: Sign, course: Course, library: Library) -> tuple[Truth, str]:
    answers = sorted((one for one in course.qlq if one.on <= course.on), key=lambda one: one.on)
    if len(answers) < 2:
        return None, "QLQ-C30 was not answered twice"
    scale = next(one.id for one in library.scores["qlq-c30"].scales if one.kind == "global")
    change = qlq_change(scale, qlq_c30(answers[0].items)[scale], qlq_c30(answers[-1].items)[scale])
    if change is None:
        return None, "the global scale lacks answers"
    told = f"global health {change.change:+.0f} points"
    if change.better is not False:
        return False, told
    return change.important, told


_READERS: Mapping[SignId, Callable[[Sign, Course, Library], tuple[Truth, str]]] = {
    "toxicity-grade": _toxicity,
    "complications-major": _complications,
    "worse-explorations": _explorations,
    "marker-doubling": _doubling,
    "marker-raised-twice": _raised,
    "quality-of-life-fall": _quality,
}
