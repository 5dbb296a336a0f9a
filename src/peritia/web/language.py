"""Which language a page speaks, and its words: gettext catalogues over English texts. Kept for the request that is being answered.

The texts in the code are English and are the catalogue's keys; a text that a catalogue lacks is shown in English, never left out.
What comes from the evidence base stays English in every language, as in the reports.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from peritia.errors import PeritiaError
from peritia.report.wording import Words, words

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""What can be chosen, each in its own words."""
FALLBACK = "en"
_spoken: ContextVar[str] = ContextVar("language", default=FALLBACK)
_RANGE = re.compile(r"\s*(?P<tag>[A-Za-z]{1,8})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=(?P<weight>[01](?:\.\d{0,3})?))?\s*\Z")


def speak(language: str) -> None:
    """Answer this request in a language; in English where there is no such catalogue."""
    _spoken.set(language if language in LANGUAGES else FALLBACK)


def language() -> str:
    """The language of this request."""
    return _spoken.get()


def accepted(header: str) -> str:
    """The language that a browser asks for (``Accept-Language``), or the fallback. What cannot be read is passed over."""
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:500].split(",")):
        match = _RANGE.match(part)
        if match and match["tag"].casefold() in LANGUAGES and (weight := float(match["weight"] or 1)) > 0:
            wishes.append((-weight, place, match["tag"].casefold()))
    return min(wishes)[2] if wishes else FALLBACK


def _(text: str) -> str:
    """The text in the language of this request."""
    return _catalogue(_spoken.get()).gettext(text) if text else text


def plural(one: str, many: str, count: int) -> str:
    """One of two texts by a count, in the language of this request."""
    return _catalogue(_spoken.get()).ngettext(one, many, count)


def told_error(error: PeritiaError) -> str:
    """What was found, what was expected, what to try, in the language of this request as far as its catalogue goes."""
    expected = error.expected and _("Expected {what}").format(what=_(error.expected))
    return ". ".join(part for part in (_(error.found), expected, error.hint and _(error.hint)) if part)


def marked(text: str) -> str:
    """A text that is translated where it is shown, not here; marked for the catalogue."""
    return text


def spoken() -> Words:
    """The report's words (values, units, dates, verdicts) in the language of this request."""
    return words(_spoken.get())


def measured(value: bool | int | float | str | None, unit: str | None = None) -> str:
    """A value with its unit. Numbers keep the decimal point in every language: forms take it, and one dose is never written two ways."""
    if isinstance(value, bool | str) or value is None:
        return coded(value) if isinstance(value, str) else spoken().value(value, unit)
    return words(FALLBACK).value(value, unit)


def coded(value: str) -> str:
    """A code in words: as the reports say it, else as the catalogue does."""
    told = spoken().category(value)
    return _(told) if told == value.replace("-", " ") else told


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == FALLBACK:
        return NullTranslations()
    with files("peritia.web").joinpath("translations", f"{language}.mo").open("rb") as stream:
        return GNUTranslations(stream)
