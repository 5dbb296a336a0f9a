"""One event of the record: what was written of a case, when it was so, when and by whom it was written, and its place in the chain.

Times are UTC, ``YYYY-MM-DDTHH:MM:SS.ffffffZ``, so that text order is time order on every engine. ``payload`` is canonical JSON text: the
same bytes on SQLite, on Postgres and in an export.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Literal

import msgspec

from peritia.errors import InputRefused, Problem

Action = Literal["begin", "rotate", "add", "correct", "withdraw"]
FORMAT = "peritia-record/1"
_CASE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the record. Every field but ``hash`` goes into the hash.

    ``seq`` counts all events from 1; ``version`` counts those of one case. ``entry`` is the id of the entry spoken of; its first event
    is an ``add``. ``claimed_at`` is what the writer's clock said, ``written_at`` never runs backwards, ``known_at`` is when it became
    known: the same as ``written_at`` unless the event came from another record, which ``origin`` then names.
    """

    seq: int
    case_id: str
    version: int
    centre: str
    action: Action
    section: str
    entry: str
    payload: str
    so_on: str
    reason: str
    by: str
    role: str
    client: str
    claimed_at: str
    written_at: str
    known_at: str
    request: str
    request_digest: str
    origin: str
    key: str
    previous: str
    hash: str = ""


FIELDS = Event.__struct_fields__
ACTIONS: Mapping[Action, str] = {
    "begin": "The record begins: whose chain it is and by which key it is sealed",
    "rotate": "Events are sealed with another key from here on",
    "add": "An entry is new",
    "correct": "An entry should have been this, whole; brings a withdrawn one back",
    "withdraw": "An entry should never have been there",
}
"""What each action means."""
MEANINGS: Mapping[str, str] = {
    "seq": "Its place in the chain, from 1",
    "case_id": "The case; empty for events of the record itself",
    "version": "Its place among the events of the case, from 1",
    "centre": "Whose case it is",
    "action": "Which kind of event",
    "section": "Which part of the case the entry belongs to",
    "entry": "The entry's id, given by its first event",
    "payload": "The whole entry as canonical JSON; empty for a withdrawal",
    "so_on": "The day from which it is so; empty: always",
    "reason": "Why it was corrected or withdrawn",
    "by": "Who wrote",
    "role": "In which role",
    "client": "Through which program",
    "claimed_at": "What the writer's clock said (UTC)",
    "written_at": "When it was written (UTC); never runs backwards",
    "known_at": "When it became known (UTC): as written, unless it came from another record",
    "request": "The request's own key: the same sent again is written once",
    "request_digest": "SHA-256 of what the request asked, to tell another request with the same key",
    "origin": "For an imported event: its seal and place in the record that it came from, and who brought it",
    "key": "The name of the key that seals it",
    "previous": "The hash of the event before",
    "hash": "HMAC-SHA256 over every other field",
}
"""What each field means, for the data dictionary."""


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes: the person, in which role, through which program, for which centre."""

    by: str
    role: str
    client: str
    centre: str

    def check(self) -> None:
        """Raise ``InputRefused`` when a name is missing or not plain text."""
        check_texts({name: getattr(self, name) for name in self.__struct_fields__}, limit=200, needed=True)


class Scope(msgspec.Struct, frozen=True):
    """The centres whose cases a reader may see; ``None`` means every centre. There is no default: a query says whom it serves."""

    centres: frozenset[str] | None

    @classmethod
    def of(cls, *centres: str) -> Scope:
        """The named centres only."""
        return cls(frozenset(centres))

    @classmethod
    def everywhere(cls) -> Scope:
        """Every centre: for administrators, backup and audit."""
        return cls(None)

    def sees(self, centre: str) -> bool:
        """Whether cases of the centre are in scope."""
        return self.centres is None or centre in self.centres


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What was written: the case's version after it, the entries spoken of in order, and when. The same for the same request."""

    case_id: str
    version: int
    entries: tuple[str, ...]
    written_at: str
    last_seq: int


def stamp(moment: datetime) -> str:
    """A moment as the record writes it. The clock must know its zone."""
    if moment.tzinfo is None:
        raise ValueError("the clock of the record must give times with a zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def until(known_on: date | datetime) -> str:
    """The last moment of a day (UTC), or the moment itself."""
    return stamp(known_on if isinstance(known_on, datetime) else datetime.combine(known_on, time.max, UTC))


def check_case_id(case_id: str) -> str:
    """The id itself, or ``InputRefused``."""
    if not _CASE_ID.match(case_id):
        hint = "letters, digits, dot, hyphen and underscore; at most 64; no names of patients"
        raise InputRefused("case", (Problem("id", None, "is not an id that the record takes", hint),))
    return case_id


def check_texts(texts: dict[str, str], *, limit: int, needed: bool = False) -> None:
    """Raise ``InputRefused`` for texts that are too long, hold control characters, or are empty where needed."""
    problems: list[Problem] = []
    for name, text in texts.items():
        if needed and not text.strip():
            problems.append(Problem(name, None, "this field is needed and empty"))
        if len(text) > limit:
            problems.append(Problem(name, None, f"too long: at most {limit} letters"))
        if _CONTROL.search(text):
            problems.append(Problem(name, None, "holds control characters", "plain text on one line"))
    if problems:
        raise InputRefused("entry", tuple(problems))


def fields_of(event: Event) -> dict[str, Any]:
    """The event as a row."""
    return {name: getattr(event, name) for name in FIELDS}
