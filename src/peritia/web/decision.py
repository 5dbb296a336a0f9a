"""What the board decided: kept in the record beside the case, with what the assessment said at that moment."""

from __future__ import annotations

from datetime import date

import msgspec

from peritia.store.sections import section


class Chosen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An option that was chosen, and its verdict on that day."""

    option: str
    name: str
    verdict: str


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One decision. ``reason`` is needed when it departs: when an option was chosen that was not open. The hashes allow it to be re-run."""

    on: date
    chosen: tuple[Chosen, ...]
    departs: bool
    reason: str = ""
    present: str = ""
    program: str
    knowledge_version: str
    knowledge_hash: str
    facts_hash: str


DECISIONS = section("decisions", Decision)
"""Decisions as a section of the record; no part of ``Case``."""
