"""The course of treatment: a session planned, run and signed; what was found and given; the calendar; the response; the follow-up."""

from __future__ import annotations

from peritia.course.advance import advance, open_session, replay
from peritia.course.adverse_event import AdverseEvent, Attribution, SessionToxicity, by_session, totals
from peritia.course.agenda import Agenda, agenda
from peritia.course.booking import Booking, booked_cycles, still_ahead
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
    Role,
    RowRecorded,
    SessionAborted,
    SessionOpened,
    StepSigned,
)
from peritia.course.findings import Biopsy, Entries, Findings, Photograph, entries, with_entries
from peritia.course.follow_up import Appointment, FollowUpPlan, Reminder, Schedule, done_on_record, due, follow_up_plan, months_after
from peritia.course.given import bath_record, doses_given
from peritia.course.icalendar import icalendar
from peritia.course.limit import Limit
from peritia.course.plan import SessionPlan, Setting
from peritia.course.planning import plan_session
from peritia.course.recurrence import RecurrenceFlag, watch_recurrence
from peritia.course.response import DefinitionAnswer, ResponseReview, WayAnswer, review_response
from peritia.course.run_warning import RunWarning, warnings
from peritia.course.schedule import Calendar, Cycle, Entry, cycles, schedule
from peritia.course.session import Clock, Injection, Session
from peritia.course.sheet import SessionSheet, session_sheet
from peritia.course.sign import SignAnswer
from peritia.course.specimens import Specimens, graded, specimens_of
from peritia.course.trend import Point, QlqAnswers, Trend, trends
from peritia.course.window import Window, next_window

__all__ = [
    "AdverseEvent", "Agenda", "Answer", "Appointment", "Attribution", "Biopsy", "Booking", "Calendar", "Check", "CheckOverridden", "Clock",
    "Conflict", "CourseRefused", "Cycle", "DefinitionAnswer", "Entries", "Entry", "Event", "Findings", "FollowUpPlan", "FractionGiven",
    "Injection", "InjectionEnded", "InjectionStarted", "Limit", "NoteWritten", "Photograph", "PlanSigned", "Point", "QlqAnswers",
    "RecurrenceFlag", "Reminder", "ResponseReview", "Role", "RowRecorded", "RunWarning", "Schedule", "Session", "SessionAborted",
    "SessionOpened", "SessionPlan", "SessionSheet", "SessionToxicity", "Setting", "SignAnswer", "Specimens", "StepRefused", "StepSigned",
    "Trend", "WayAnswer", "Window", "advance", "agenda", "bath_record", "booked_cycles", "by_session", "cycles", "done_on_record",
    "doses_given", "due", "entries", "follow_up_plan", "graded", "icalendar", "months_after", "next_window", "open_session",
    "plan_session", "replay", "review_response", "schedule", "session_sheet", "specimens_of", "still_ahead", "totals", "trends",
    "warnings", "watch_recurrence", "with_entries",
]  # fmt: skip
