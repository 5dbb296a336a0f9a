"""Sets the content as one HTML file: style, type and drawings inside, no script, nothing fetched from anywhere."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from peritia.report.content import Axis, Dossier, Plot
from peritia.report.leaflet_content import Leaflet
from peritia.report.outcomes import axis_strip, match_mark, plot_strip
from peritia.report.reasons import LEANING
from peritia.report.verdict_mark import verdict_mark
from peritia.report.wording import words

_VERDICTS = ("open", "open-with-flags", "depends", "closed")
_FACES = (("Regular", "400", "normal"), ("SemiBold", "600", "normal"), ("Italic", "400", "italic"))


def dossier_html(dossier: Dossier) -> str:
    """The dossier as one page."""
    return set_html(
        "dossier.html.j2",
        css=("look.css", "dossier.css", *(("simulated.css",) if dossier.simulated else ())),
        d=dossier,
        w=words(dossier.language),
        marks={key: Markup(verdict_mark(key)) for key in _VERDICTS},
        dots={key: Markup(match_mark(key)) for key in ("yes", "as-coded", "depends", "not-coded")},
        leaning=LEANING,
        strip=_strip,
        axis=_axis,
    )


def leaflet_html(leaflet: Leaflet) -> str:
    """The leaflet as one page, in large type."""
    marks = {key: Markup(verdict_mark(key)) for key in _VERDICTS}
    return set_html("leaflet.html.j2", css=("look.css", "leaflet.css"), d=leaflet, w=words(leaflet.language), marks=marks)


def _strip(plot: Plot, axis: Axis) -> Markup:
    return Markup(plot_strip(plot, axis))


def _axis(axis: Axis) -> Markup:
    return Markup(axis_strip(axis))


def set_html(template: str, *, css: tuple[str, ...], **content: Any) -> str:
    """A template of this package filled with content. Everything is escaped but our own drawings and style."""
    style = Markup("\n".join(_text(sheet) for sheet in css))
    return _environment().get_template(template).render(css=style, fonts=_faces(), **content)


def css_string(words: str) -> Markup:
    """Words as a CSS string that cannot end its quotes or its style element."""
    safe = "".join(character if character.isalnum() or character in " .,:·-'()%" else f"\\{ord(character):x} " for character in words)
    return Markup(f'"{safe}"')


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters.update(drawn=Markup, css=css_string)
    return made


def _text(name: str) -> str:
    return files("peritia.report").joinpath("templates", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _faces() -> Markup:
    """The three faces as data in the style itself, so that the page looks alike wherever it is opened."""
    folder = files("peritia.report").joinpath("fonts")
    rules: list[str] = []
    for face, weight, style in _FACES:
        coded = b64encode(folder.joinpath(f"AtkinsonHyperlegibleNext-{face}.woff2").read_bytes()).decode()
        rules.append(
            '@font-face{font-family:"Atkinson Hyperlegible Next";'
            f"font-weight:{weight};font-style:{style};src:url(data:font/woff2;base64,{coded}) format('woff2')}}"
        )
    return Markup("\n".join(rules))
