"""The record: every entry an event, nothing overwritten, any day's case a replay, and a chain that shows meddling."""

from __future__ import annotations

from peritia.store.changes import Add, Change, Correct, Withdraw
from peritia.store.event import Author, Event, Receipt, Scope
from peritia.store.index import CaseRow
from peritia.store.place import Place, default_place, place_of
from peritia.store.record import Record
from peritia.store.replay import Entry
from peritia.store.sections import CASE_SECTIONS, Section, section

__all__ = [
    "CASE_SECTIONS", "Add", "Author", "CaseRow", "Change", "Correct", "Entry", "Event", "Place", "Receipt", "Record", "Scope", "Section",
    "Withdraw", "default_place", "place_of", "section",
]  # fmt: skip
