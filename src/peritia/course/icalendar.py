r"""A calendar as iCalendar text (RFC 5545): lines end with CRLF and fold at 75 octets, text is escaped, times stamp in UTC.

Section 3.1: a line longer than 75 octets, its break not counted, is cut and goes on after CRLF and one blank; never within a character.
Section 3.3.11: backslash, semicolon and comma are escaped with a backslash, a line break is ``\n``. Section 3.6.1: an event over whole
days ends on the day after its last. The same entry keeps its UID, so that importing again moves it and does not double it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from peritia.course.errors import CourseRefused
from peritia.course.schedule import Entry

CRLF = "\r\n"
OCTETS = 75
PRODID = "-//Peritia//Course of treatment//EN"


def icalendar(entries: Iterable[Entry], stamp: datetime, *, key: str, label: str = "", sequence: int = 0) -> str:
    """The entries as one VCALENDAR.

    ``stamp``: when the file is made, with its time zone. ``key``: what tells this case's entries from others'; only its hash enters the
    UID. ``label``: put before every title; leave it empty where others see the calendar. ``sequence``: raise it with every revision.
    """
    if stamp.tzinfo is None:
        raise CourseRefused("the time stamp has no time zone", "a time with its zone")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN"]
    for entry in entries:
        lines += _event(entry, stamp, key, label, sequence)
    lines.append("END:VCALENDAR")
    return "".join(piece + CRLF for line in lines for piece in folded(line))


def escaped(text: str) -> str:
    """Text as a TEXT value; control characters that no calendar takes are left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(sign for sign in plain if sign in "\n\t" or (ord(sign) >= 32 and ord(sign) != 127))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """A content line in pieces of at most 75 octets; every piece but the first begins with a blank."""
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > OCTETS:
            yield piece
            piece, size = " ", 1
        piece += sign
        size += octets
    yield piece


def uid(entry: Entry, key: str) -> str:
    """The entry's name for good: its case, its kind and its number; without a number, its day."""
    what = f"{key}\0{entry.kind}\0{entry.number or entry.on.isoformat()}\0{entry.title if not entry.number else ''}"
    return f"{sha256(what.encode()).hexdigest()[:32]}@peritia.invalid"


def _event(entry: Entry, stamp: datetime, key: str, label: str, sequence: int) -> Iterator[str]:
    after = (entry.until or entry.on) + timedelta(days=1)
    title = f"{label}: {entry.title}" if label else entry.title
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(entry, key)}"
    yield f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{sequence}"
    yield f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{after:%Y%m%d}"
    yield f"SUMMARY:{escaped(title)}"
    if entry.note or entry.sources:
        cited = f"Sources: {', '.join(entry.sources)}" if entry.sources else ""
        yield f"DESCRIPTION:{escaped(chr(10).join(part for part in (entry.note, cited) if part))}"
    yield f"CATEGORIES:{escaped(entry.kind)}"
    yield f"STATUS:{'CONFIRMED' if entry.settled else 'TENTATIVE'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
