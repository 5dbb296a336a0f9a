"""What cannot be true in a case that came as a bundle.

A record holds many measurements, and one of them with a slipped decimal point should not keep the rest out: an impossible measurement is
set aside and listed, so that its fact is unknown. Everything else that refuses a case file refuses a bundle.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast

import msgspec

from peritia.case.case import Case, NotUnderstood
from peritia.case.conflicts import Conflict, last_day, refusals
from peritia.errors import InputRefused, Problem

_STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")
_MEASURED = re.compile(r"(labs|heart|performance|symptoms|peritoneum|ascites|regression|patient\.body)\[(\d+)\]")


def sensible(case: Case, where: str) -> Case:
    """The case without impossible measurements. Raises ``InputRefused`` with every other contradiction."""
    refused = _refused(case)
    measured = {match.groups(): one for one in refused if (match := _MEASURED.match(one.path)) is not None}
    if measured:
        case = _without(case, measured)
        refused = _refused(case)
    if refused:
        raise InputRefused(where, tuple(Problem(_place(case, one.path), None, one.message, one.hint) for one in refused))
    return case


def _refused(case: Case) -> tuple[Conflict, ...]:
    # The day matters only to a line that is still given: the birth date is never after the last day that a case mentions.
    return refusals(case, (last_day(case) or date.min) if case.systemic else date.max)


def _without(case: Case, measured: dict[tuple[str, ...], Conflict]) -> Case:
    listed = [
        NotUnderstood(where=document_of(case, conflict.path), what=conflict.message, why="this cannot be true, so it was set aside")
        for conflict in measured.values()
    ]
    out: dict[str, set[int]] = {}
    for part, number in measured:
        out.setdefault(part, set()).add(int(number))
    for part, numbers in out.items():
        if part == "patient.body":
            patient = msgspec.structs.replace(case.patient, body=_left(case.patient.body, numbers))
            case = msgspec.structs.replace(case, patient=patient)
        else:
            case = msgspec.structs.replace(case, **{part: _left(getattr(case, part), numbers)})
    return msgspec.structs.replace(case, not_understood=(*case.not_understood, *listed))


def _left(entries: tuple[Any, ...], numbers: set[int]) -> tuple[Any, ...]:
    return tuple(entry for number, entry in enumerate(entries) if number not in numbers)


def document_of(case: Case, path: str) -> str:
    """The resource that an entry was read from; the path itself if there is none."""
    node: Any = case
    document = ""
    for name, number in _STEP.findall(path):
        node = getattr(node, name, None)
        if number and isinstance(node, tuple):
            node = cast(tuple[Any, ...], node)[int(number)]
        document = getattr(node, "document", None) or document
    return document or path


def _place(case: Case, path: str) -> str:
    document = document_of(case, path)
    return path if document == path else f"{document} ({path})"
