"""The course of treatment: a session planned, run and signed; what was found and given; the calendar; the response; the follow-up."""

from __future__ import annotations

from peritia.course.advance import advance, open_session, replay
from peritia.course.adverse_event import AdverseEvent, Attribution, SessionToxicity, by_session, totals
from peritia.course.check import Answer, Check
from peritia.course.conflict import Conflict
from peritia.course.errors import CourseRefused, StepRefused
from peritia.course.event import (
    CheckOverridden,
    Event,
    FractionGiven,
    InjectionEnded,
    InjectionStarted,
    NoteWritten,
    PlanSigned,
    RowRecorded,
    SessionAborted,
    SessionOpened,
    StepSigned,
)
from peritia.course.findings import Biopsy, Entries, Findings, Photograph, entries, with_entries
from peritia.course.given import bath_record, doses_given
from peritia.course.icalendar import icalendar
from peritia.course.limit import Limit
from peritia.course.plan import SessionPlan, Setting
from peritia.course.planning import plan_session
from peritia.course.run_warning import RunWarning, warnings
from peritia.course.schedule import Calendar, Cycle, Entry, cycles, schedule
from peritia.course.session import Clock, Injection, Session
from peritia.course.window import Window, next_window

__all__ = [
    "AdverseEvent", "Answer", "Attribution", "Biopsy", "Calendar", "Check", "CheckOverridden", "Clock", "Conflict", "CourseRefused",
    "Cycle", "Entries", "Entry", "Event", "Findings", "FractionGiven", "Injection", "InjectionEnded", "InjectionStarted", "Limit",
    "NoteWritten", "Photograph", "PlanSigned", "RowRecorded", "RunWarning", "Session", "SessionAborted", "SessionOpened", "SessionPlan",
    "SessionToxicity", "Setting", "StepRefused", "StepSigned", "Window", "advance", "bath_record", "by_session", "cycles",
    "doses_given", "entries", "icalendar", "next_window", "open_session", "plan_session", "replay", "schedule", "totals", "warnings",
    "with_entries",
]  # fmt: skip
