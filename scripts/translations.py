"""Gathers every text that a page shows, brings the catalogues up to date, compiles them: ``python scripts/translations.py``.

Texts come from the templates, from the code's ``_()``, ``plural()`` and ``marked()``, from errors raised by the pages, from the labels of
forms, and from codes that forms show and the reports' words lack. A text without a translation stays empty and is listed; the tests
refuse a catalogue with one.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import get_args

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from peritia.case.treatment import Drug
from peritia.course.event import Role
from peritia.knowledge import library
from peritia.report.wording import words
from peritia.store.event import Action
from peritia.web import failures, forms
from peritia.web.accounts import TOKEN_SCOPES
from peritia.web.api.entries import ENTERED
from peritia.web.forms.field import Field, fields_of
from peritia.web.language import FALLBACK, LANGUAGES
from peritia.web.pages import knowledge
from peritia.web.questions import _ways as ways

WEB = Path(__file__).resolve().parents[1] / "src" / "peritia" / "web"
MARKS = {"_", "marked"}
ERRORS = {"AccountError", "CourseRefused", "HTTPException", "HospitalError", "PeritiaError", "SimulationError"}
_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
"""The catalogues' date: the same texts, the same bytes."""
SIGNALS = {"change-password", "second-factor", "stale-form"}
"""Told to the program, not to a reader."""
Text = str | tuple[str, str]
"""One text, or its singular and plural."""
_SAME = set(get_args(Drug))
"""Names of drugs are the same in every language here."""


def texts() -> dict[Text, set[str]]:
    """Every text (or its singular and plural), and the places it comes from."""
    found: dict[Text, set[str]] = {}
    for text, place in (*_templates(), *_code(), *_labels(), *_codes()):
        if text and text != ("", ""):
            found.setdefault(text, set()).add(place)
    plurals = {one[0] for one in found if isinstance(one, tuple)}
    return {text: places for text, places in found.items() if text not in plurals}


def _templates() -> Iterator[tuple[Text, str]]:
    environment = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    for path in sorted((WEB / "templates").iterdir()):
        for _, function, message in environment.extract_translations(path.read_text(encoding="utf-8")):
            parts = [message] if isinstance(message, str) else [part for part in message if part]
            yield (parts[0], parts[1]) if function == "ngettext" else parts[0], f"templates/{path.name}"


def _code() -> Iterator[tuple[Text, str]]:
    for path in sorted(WEB.rglob("*.py")):
        place = str(path.relative_to(WEB))
        if place.startswith("api/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else ""
                given = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if name in MARKS | ERRORS:
                    yield from ((text, place) for text in (given if name in ERRORS else given[:1]) if text not in SIGNALS)
                elif name == "plural" and len(given) > 1:
                    yield (given[0], given[1]), place


def _labels() -> Iterator[tuple[Text, str]]:
    for group in forms.LABELS.groups:
        yield group.title, "forms/labels.yaml"
    for told in (forms.LABELS.sections, forms.LABELS.hints):
        yield from ((text.strip(), "forms/labels.yaml") for text in told.values())
    yield from ((forms.noun_of(section), "nouns") for section in ENTERED.values())
    for field in _fields():
        yield field.label, "forms/labels.yaml"
    yield from ((way.say, "questions.yaml") for way in ways().values())
    yield from ((text, "pages/knowledge.py") for text in (*knowledge.KINDS.values(), *knowledge.LISTS.values()))
    yield from ((text.replace("_", " ").capitalize(), "pages/knowledge.py") for text in knowledge.ABOUT)
    yield from ((text, "failures.py") for text in failures.TITLES.values())


def _codes() -> Iterator[tuple[Text, str]]:
    told = words("de").entries
    phases = {step.phase for one in library().checklists.values() for step in one.steps}
    shown = {*get_args(Role), *get_args(Action), *phases, "open", "running", "ended", "aborted", "due", "overdue", "done", "ahead"}
    shown |= {choice for field in _fields() if field.name != "marker" for choice in field.choices}
    shown |= set(TOKEN_SCOPES)
    names = {*library().drugs, *_SAME}
    yield from ((one.replace("-", " "), "codes") for one in sorted(shown - names) if f"value.{one}" not in told and one[:1].islower())


def _fields() -> Iterator[Field]:
    for section in ENTERED.values():
        for field in fields_of(section.type):
            yield field
            yield from field.parts


def catalogue(language: str) -> Catalog:
    """The catalogue of a language, brought up to date: translations kept, texts that are gone left out."""
    path = WEB / "translations" / f"{language}.po"
    kept = read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
    made = Catalog(locale=language, project="Peritia", fuzzy=False, creation_date=_ALWAYS, revision_date=_ALWAYS)
    for text, places in sorted(texts().items(), key=lambda pair: str(pair[0])):
        before: Message | None = kept.get(text[0] if isinstance(text, tuple) else text)
        string = before.string if before is not None and isinstance(before.string, tuple) == isinstance(text, tuple) else ""
        made.add(text, string or "", [(place, None) for place in sorted(places)])
    return made


def written(language: str) -> tuple[bytes, bytes]:
    """The catalogue as text and compiled."""
    made, text, compiled = catalogue(language), BytesIO(), BytesIO()
    write_po(text, made, width=0, omit_header=True, sort_output=True)
    write_mo(compiled, made)
    return text.getvalue(), compiled.getvalue()


def main() -> int:
    """Write every catalogue; 1 when a translation is missing."""
    missing = 0
    for language in LANGUAGES:
        if language == FALLBACK:
            continue
        text, compiled = written(language)
        (WEB / "translations" / f"{language}.po").write_bytes(text)
        (WEB / "translations" / f"{language}.mo").write_bytes(compiled)
        empty = [one.id for one in catalogue(language) if one.id and not all(one.string if isinstance(one.string, tuple) else [one.string])]
        missing += len(empty)
        print(f"{language}: {len(empty)} of {len(texts())} texts lack a translation", *empty, sep="\n  ")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
