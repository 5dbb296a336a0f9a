"""The leaflet as data: what each option is in plain words, what is not known, what to ask. For the patient, never a prediction."""

from __future__ import annotations

from datetime import date

import msgspec

from peritia.report.content import Cited, Entry, Verdict
from peritia.report.svg import Picture


class OfHundred(msgspec.Struct, frozen=True, kw_only=True):
    """A published share as dots and as a sentence; ``about`` says of whom, with the number of its source."""

    picture: Picture
    sentence: str
    about: str


class PlainOption(msgspec.Struct, frozen=True, kw_only=True):
    """An option that is or may become open, in plain words. ``called`` gives the doctors' word for it."""

    name: str
    called: str
    verdict: Verdict
    means: str
    what: str
    good: tuple[str, ...]
    hard: tuple[str, ...]
    ask: tuple[str, ...]
    numbers: tuple[OfHundred, ...]


class ClosedOption(msgspec.Struct, frozen=True, kw_only=True):
    """An option that is closed now, and in one sentence why."""

    name: str
    why: str


class Leaflet(msgspec.Struct, frozen=True, kw_only=True):
    """All that the leaflet says, in reading order."""

    language: str
    on: date
    title: str
    options: tuple[PlainOption, ...]
    closed: tuple[ClosedOption, ...]
    unknown: tuple[str, ...]
    warning: tuple[Cited, ...]
    questions: tuple[str, ...]
    insurance: tuple[str, ...]
    sources: tuple[Entry, ...]
    footer: str
    evidence_line: str
    language_note: str
