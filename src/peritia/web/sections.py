"""The further sections of the record that pages write: what is no part of ``Case`` and belongs to it all the same."""

from __future__ import annotations

from peritia.store import Section
from peritia.web.decision import DECISIONS
from peritia.web.on_record import ENTERED, SESSION_EVENTS

FURTHER: tuple[Section, ...] = (DECISIONS, SESSION_EVENTS, *ENTERED)
