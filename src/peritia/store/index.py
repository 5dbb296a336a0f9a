"""The index of cases: who has which case, its title and primary as they stand, and when it last changed. Kept with every write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

import msgspec
from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from peritia.case.disease import Primary
from peritia.errors import PeritiaError
from peritia.store.event import Scope
from peritia.store.replay import Step, standing
from peritia.store.sections import About
from peritia.store.tables import cases, events

_BATCH = 5_000
_MARK = "\x1f"


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a list of cases."""

    case_id: str
    centre: str
    title: str
    primary_site: str
    version: int
    opened_at: str
    updated_at: str

    @property
    def place(self) -> str:
        """Where the next page goes on."""
        return f"{self.updated_at}{_MARK}{self.case_id}"


_COLUMNS = tuple(cases.c[name] for name in CaseRow.__struct_fields__)


def heading(steps: Iterable[Step]) -> dict[str, str]:
    """Title and primary of a case as they stand."""
    stands = {step.section: step.payload for step in standing(steps) if step.section in ("about", "primary")}
    about = msgspec.json.decode(stands["about"], type=About) if "about" in stands else About()
    title = about.title or ""
    site = msgspec.json.decode(stands["primary"], type=Primary).site or "" if "primary" in stands else ""
    return {"title": title, "title_folded": title.casefold(), "primary_site": site}


def enter(connection: Connection, case_id: str, centre: str, version: int, at: str, changed: dict[str, str], *, new: bool) -> None:
    """Take a write into the index. ``changed`` is empty when neither title nor primary moved."""
    if new:
        row = {"case_id": case_id, "centre": centre, "version": version, "opened_at": at, "updated_at": at, **changed}
        connection.execute(insert(cases).values(row))
    else:
        connection.execute(update(cases).where(cases.c.case_id == case_id).values(version=version, updated_at=at, **changed))


def rebuild(connection: Connection) -> int:
    """Build the index anew from the events; the number of cases."""
    connection.execute(delete(cases))
    columns = ("case_id", "centre", "written_at", "version", "action", "section", "entry", "payload", "so_on")
    query = select(*(events.c[name] for name in columns)).where(events.c.case_id != "").order_by(events.c.case_id, events.c.version)
    rows = connection.execute(query.execution_options(yield_per=_BATCH))
    total, batch = 0, list[dict[str, Any]]()
    for case_id, group in groupby(rows, key=itemgetter(0)):
        batch.append(_row(case_id, list(group)))
        total += 1
        if len(batch) == _BATCH:
            connection.execute(insert(cases), batch)
            batch.clear()
    if batch:
        connection.execute(insert(cases), batch)
    return total


def _row(case_id: str, group: Sequence[Any]) -> dict[str, Any]:
    first, last = group[0], group[-1]
    steps = (Step(*row[4:]) for row in group)
    return {
        "case_id": case_id,
        "centre": first.centre,
        "version": last.version,
        "opened_at": first.written_at,
        "updated_at": last.written_at,
        **heading(steps),
    }


def search(
    connection: Connection, scope: Scope, words: str = "", *, primary: str | None = None, limit: int = 50, after: str = ""
) -> tuple[CaseRow, ...]:
    """Cases in scope, the last changed first. Every word must stand in the title or begin the id.

    ``after`` is the ``place`` of the last row of the page before.
    """
    query = select(*_COLUMNS).order_by(cases.c.updated_at.desc(), cases.c.case_id.desc()).limit(limit)
    if scope.centres is not None:
        query = query.where(cases.c.centre.in_(sorted(scope.centres)))
    if primary is not None:
        query = query.where(cases.c.primary_site == primary)
    for word in words.split():
        query = query.where(
            or_(cases.c.title_folded.contains(word.casefold(), autoescape=True), cases.c.case_id.startswith(word, autoescape=True))
        )
    if after:
        updated_at, mark, case_id = after.partition(_MARK)
        if not mark:
            raise PeritiaError("Found a page mark that is none", "the place of the last row of the page before")
        earlier = and_(cases.c.updated_at == updated_at, cases.c.case_id < case_id)
        query = query.where(or_(cases.c.updated_at < updated_at, earlier))
    return tuple(CaseRow(**row) for row in _mappings(connection.execute(query).mappings()))


def _mappings(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield cast("dict[str, Any]", dict(row))


def one(connection: Connection, case_id: str) -> CaseRow:
    """The line of a case that is known to be there."""
    row = connection.execute(select(*_COLUMNS).where(cases.c.case_id == case_id)).mappings().one()
    return CaseRow(**dict(row))
