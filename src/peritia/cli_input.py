"""Where a verb in a terminal takes its case and its day from: a file, a FHIR bundle, a shipped patient, or the record."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from peritia.errors import PeritiaError

if TYPE_CHECKING:
    from peritia.case import Case


def read_given_case(given: str, aliases: Path | None = None) -> Case:
    """A case file, a FHIR bundle, or the name of a shipped patient."""
    path = Path(given)
    if not path.exists() and path.suffix == "":
        from peritia.patients import read

        return read(given)
    if is_fhir(path):
        from peritia.fhir import Aliases, load_aliases, read_bundle

        return read_bundle(path, aliases=load_aliases(aliases) if aliases else Aliases())
    from peritia.case import read_case

    return read_case(path)


def read_recorded_case(case_id: str, record: str, centre: str, as_of: date, known_on: date | None = None) -> Case:
    """A case on record, as it was on a day; with ``known_on`` as it was known at that day's end. Reading makes no record."""
    from peritia.store import Record, Scope, default_place

    place = default_place(os.environ, record)
    if place.sqlite_file and not place.sqlite_file.exists():
        raise PeritiaError(f"Found no record {place.sqlite_file.name}", "a record that stands", "say where with --record")
    with Record.open(place, clock=lambda: datetime.now(UTC)) as opened:
        return opened.case(case_id, scope=Scope.of(centre), as_of=as_of, known_on=known_on)


def is_fhir(path: Path) -> bool:
    """A JSON file that says what resource it is. Anything else is left to the case reader, which says what is wrong with it."""
    import msgspec

    class Head(msgspec.Struct):
        resourceType: str = ""  # noqa: N815  (FHIR's own spelling)

    if path.suffix != ".json" or not path.is_file() or path.stat().st_size > 20_000_000:
        return False
    try:
        return bool(msgspec.json.decode(path.read_bytes(), type=Head).resourceType)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def read_day(text: str | None, option: str = "--on") -> date:
    """The day of an option, today without it."""
    if text is None:
        return date.today()  # the clock is read here and nowhere below
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PeritiaError(f"Found '{text}' for {option}", "a day written YYYY-MM-DD", f"for example {option} 2026-11-21") from None
