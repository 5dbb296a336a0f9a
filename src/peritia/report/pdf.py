"""Sets the content as PDF with typst: tagged, titled, in the patient's order of need. Equal content gives equal bytes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, cast

import msgspec
import typst

from peritia.errors import PeritiaError
from peritia.report.content import Dossier
from peritia.report.leaflet_content import Leaflet
from peritia.report.outcomes import match_mark
from peritia.report.reasons import LEANING
from peritia.report.verdict_mark import verdict_mark
from peritia.report.wording import words

_STANDARD = "ua-1"
_LONG_WORD = 24
_ZERO_SPACE, _BOUND_STROKE = "\N{ZERO WIDTH SPACE}", "\N{WORD JOINER}/\N{WORD JOINER}"
_UNTOUCHED = frozenset({"svg", "title", "description", "id", "key", "effect", "state", "match", "answer", "link", "language", "name"})
_VERDICTS = ("open", "open-with-flags", "depends", "closed")
_MATCHES = ("yes", "as-coded", "depends", "not-coded")


class TypesettingError(PeritiaError):
    """The typesetter refused the document: a fault of the template, never of the case."""

    def __init__(self, said: str) -> None:
        super().__init__(f"The PDF could not be set: {said}", "", "The HTML file holds the same content; please report this")


def dossier_pdf(dossier: Dossier) -> bytes:
    """The dossier as PDF/UA-1 bytes."""
    content = _mended(msgspec.to_builtins(dossier, builtin_types=(date,))) | {
        "date": words(dossier.language).day(dossier.on),
        "day": [dossier.on.year, dossier.on.month, dossier.on.day],
    }
    data = {
        "dossier": content,
        "words": dict(words(dossier.language).entries),
        "marks": {key: verdict_mark(key) for key in _VERDICTS},
        "dots": {key: match_mark(key) for key in _MATCHES},
        "leaning": LEANING,
    }
    return set_pdf("dossier.typ", data, dossier.on)


def leaflet_pdf(leaflet: Leaflet) -> bytes:
    """The leaflet as PDF/UA-1 bytes, in large type."""
    content = _mended(msgspec.to_builtins(leaflet, builtin_types=(date,))) | {"day": [leaflet.on.year, leaflet.on.month, leaflet.on.day]}
    marks = {key: verdict_mark(key) for key in _VERDICTS}
    return set_pdf("leaflet.typ", {"leaflet": content, "words": dict(words(leaflet.language).entries), "marks": marks}, leaflet.on)


def set_pdf(template: str, data: dict[str, Any], on: date) -> bytes:
    """A template of this package fed with data. The date of the assessment is the time stamp, so that two runs agree."""
    stamp = datetime(on.year, on.month, on.day, tzinfo=UTC)
    with as_file(files("peritia.report")) as home:
        try:
            made = typst.compile(
                home / "templates" / template,
                root=home,
                font_paths=_fonts(home / "fonts"),
                sys_inputs={"data": msgspec.json.encode(data).decode()},
                pdf_standards=_STANDARD,
                timestamp=stamp,
            )
        except typst.TypstError as error:
            raise TypesettingError(str(error)) from error
    assert isinstance(made, bytes)
    return made


def _mended(content: Any, field: str = "") -> Any:
    """The content with places to break in words too long for a line, and none beside a stroke (``mL/min``)."""
    if isinstance(content, str):
        return content if field in _UNTOUCHED else _mended_text(content)
    if isinstance(content, dict):
        members = cast("dict[str, Any]", content)
        return {name: _mended(value, name) for name, value in members.items()}
    if isinstance(content, list | tuple):
        parts = cast("tuple[Any, ...]", content)
        return [_mended(value, field) for value in parts]
    return content


def _mended_text(written: str) -> str:
    if len(written) <= _LONG_WORD and "/" not in written:
        return written
    words = (_ZERO_SPACE.join(word) if len(word) > _LONG_WORD else word.replace("/", _BOUND_STROKE) for word in written.split(" "))
    return " ".join(words)


@cache
def _fonts(folder: Path) -> typst.Fonts:
    """The shipped fonts and those built into the typesetter; never the machine's own, which differ."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
