"""A case as a page shows it: replayed, assessed and told. Kept while nobody writes to it."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from datetime import date
from threading import Lock

import msgspec

from peritia.case import Case, Conflict, FactValue, conflicts, facts
from peritia.knowledge import library
from peritia.options import Assessment, assess
from peritia.report import compose
from peritia.report.content import Dossier
from peritia.store.event import Scope
from peritia.store.index import CaseRow
from peritia.store.record import Record
from peritia.store.replay import Entry

_KEPT = 256


class Assessed(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the pages of a case draw on. ``places`` maps an origin's path (``labs[3]``) to its entry."""

    row: CaseRow
    on: date
    case: Case
    entries: tuple[Entry, ...]
    facts: dict[str, FactValue]
    assessment: Assessment
    dossier: Dossier
    conflicts: tuple[Conflict, ...]
    places: dict[str, Entry]

    def of(self, section: str) -> tuple[Entry, ...]:
        """The entries of a section that stand."""
        return tuple(entry for entry in self.entries if entry.section == section)


class Assessor:
    """Assesses, and remembers the latest by case, version and day: a version never changes.

    Cases are assessed one at a time. Threads that did it together would take turns on the one interpreter lock, and all be done last.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._kept: OrderedDict[tuple[str, int, date, str], Assessed] = OrderedDict()
        self._lock = Lock()
        self._turn = Lock()

    def __call__(self, row: CaseRow, on: date, lang: str = "en") -> Assessed:
        """The case as of a day."""
        key = (row.case_id, row.version, on, lang)
        if found := self._find(key):
            return found
        with self._turn:
            if found := self._find(key):  # somebody before us in the queue wanted the same
                return found
            made = self._make(row, on, lang)
            with self._lock:
                self._kept[key] = made
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return made

    def _find(self, key: tuple[str, int, date, str]) -> Assessed | None:
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
            return found

    def _make(self, row: CaseRow, on: date, lang: str) -> Assessed:
        case, entries = self._record.case_and_entries(row.case_id, scope=Scope.of(row.centre), as_of=on)
        found = facts(case, on)
        assessment = assess(found, on)
        return Assessed(
            row=row,
            on=on,
            case=case,
            entries=entries,
            facts=found,
            assessment=assessment,
            dossier=compose(case, found, assessment, library(), lang),
            conflicts=conflicts(case, on),
            places=_places(entries),
        )


def _places(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    seen: defaultdict[str, int] = defaultdict(int)
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.section, entry)
        path = "patient.body" if entry.section == "body" else entry.section
        found[f"{path}[{seen[entry.section]}]"] = entry
        seen[entry.section] += 1
    return found
