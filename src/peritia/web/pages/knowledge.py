"""What every verdict rests on: each criterion with its sentence, its rule and its sources; and each source with all that cites it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from peritia.knowledge import Criterion, library
from peritia.web.language import _, marked
from peritia.web.render import page

router = APIRouter()
KINDS = {
    "treatments": "Treatments", "trials": "Trials", "studies": "Studies", "policies": "Insurers' policies", "regimens": "Regimens",
    "checklists": "Checklists", "sources": "Sources",
}  # fmt: skip
LISTS = {
    "applies": "Applies when", "requires": "Requires", "excludes": "Excluded by", "cautions": "Mind", "criteria": "Criteria",
    "population": "Population", "covers": "Covers", "not_covers": "Does not cover", "go": "Go on the day",
}  # fmt: skip

ABOUT = (
    "intent", "design", "n", "period", "identifier", "phase", "status", "status_checked", "date", "route", "context", "protocol",
)  # fmt: skip
"""What is told of a file beside its criteria, where it has it."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One cited criterion."""

    because: str
    when: str
    sources: tuple[tuple[str, str], ...]
    verified: bool
    note: str
    exclude: bool = False


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """The criteria of one list of a file."""

    title: str
    lines: tuple[Line, ...]


@router.get("/knowledge")
def contents(request: Request) -> Response:
    """What there is."""
    counts = {kind: len(_kind(kind)) for kind in KINDS}
    return page(request, "knowledge.html.j2", kinds=KINDS, counts=counts, kind="", items=(), hash=library().hash)


@router.get("/knowledge/{kind}")
def listing(request: Request, kind: str) -> Response:
    """Every file of a kind."""
    items = tuple((name, _name(item)) for name, item in sorted(_kind(kind).items()))
    return page(request, "knowledge.html.j2", kinds=KINDS, counts={}, kind=kind, items=items, hash=library().hash)


@router.get("/knowledge/{kind}/{name}")
def one(request: Request, kind: str, name: str) -> Response:
    """One file: every criterion and its source; of a source, all that cites it."""
    found = _kind(kind).get(name)
    if found is None:
        raise HTTPException(404, "There is nothing of that name.")
    if kind == "sources":
        return page(request, "source.html.j2", source=found, cited=_cited_by(name), kinds=KINDS, kind=kind)
    return page(
        request, "knowledge-one.html.j2", name=_name(found), about=_about(found), blocks=tuple(_blocks(found)), kinds=KINDS, kind=kind
    )


def _kind(kind: str) -> Mapping[str, Any]:
    if kind not in KINDS:
        raise HTTPException(404, "There is nothing of that kind.")
    return getattr(library(), kind)


def _name(item: Any) -> str:
    return next((str(text) for field in ("name", "title", "insurer") if (text := getattr(item, field, ""))), "")


def _about(item: Any) -> tuple[tuple[str, str], ...]:
    rows: list[tuple[str, str]] = []
    for field in ABOUT:
        value = getattr(item, field, None)
        if value not in (None, "", ()):
            rows.append((_(field.replace("_", " ").capitalize()), str(value)))
    what = getattr(item, "what_it_is", None)
    if what is not None:
        rows.append((_("What it is"), what.clinician))
    return tuple(rows)


def _blocks(item: Any) -> Iterator[Block]:
    for field, title in LISTS.items():
        lines = tuple(_line(one) for one in getattr(item, field, ()) if isinstance(one, Criterion))
        if lines:
            yield Block(title=_(title), lines=lines)
    for arm in getattr(item, "arms", ()):
        lines = tuple(_line(one) for field in LISTS for one in getattr(arm, field, ()) if isinstance(one, Criterion))
        if lines:
            yield Block(title=_("Arm: {name}").format(name=arm.name), lines=lines)
    steps = getattr(item, "steps", ())
    if steps:
        yield Block(title=_("Steps"), lines=tuple(_claim(step, step.text) for step in steps))
    texts = [
        (title, one)
        for field, title in (
            ("benefits", marked("Benefits")),
            ("burdens", marked("Burdens")),
            ("follow_up", marked("Follow-up")),
            ("agreed", marked("Agreed")),
            ("notes", marked("Notes")),
        )
        for one in getattr(item, field, ())
    ]
    for title in dict.fromkeys(title for title, _item in texts):
        yield Block(title=_(title), lines=tuple(_claim(one, one.text) for kept, one in texts if kept == title))


def _line(criterion: Criterion) -> Line:
    return Line(
        because=criterion.because,
        when=criterion.formula.text,
        sources=_sources(criterion),
        verified=library().is_verified(criterion),
        note=criterion.note,
        exclude=bool(getattr(criterion, "exclude", False)),
    )


def _claim(claim: Any, text: str) -> Line:
    return Line(because=text, when="", sources=_sources(claim), verified=library().is_verified(claim), note="")


def _sources(claim: Any) -> tuple[tuple[str, str], ...]:
    return tuple((citation.source, citation.place) for citation in claim.citations)


def _cited_by(source: str) -> tuple[tuple[str, str, str], ...]:
    """Kind, id and name of every file that cites the source in a criterion or a claim."""
    found: list[tuple[str, str, str]] = []
    for kind in KINDS:
        if kind == "sources":
            continue
        for name, item in _kind(kind).items():
            own = getattr(item, "source", ()) or ()
            direct = source in ((own,) if isinstance(own, str) else tuple(own))
            if direct or any(source == cited for block in _blocks(item) for line in block.lines for cited, _ in line.sources):
                found.append((kind, name, _name(item)))
    return tuple(found)
