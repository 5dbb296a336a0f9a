"""Writes SVG that a browser and a typesetter both draw alike: plain elements, escaped text, numbers in a fixed form.

The drawings are written by hand and not by a chart library: importing one and starting its renderer costs more than a second,
half of what a cold start may take, and a typesetter needs no script.
"""

from __future__ import annotations

from html import escape

import msgspec

FAMILY = "Atkinson Hyperlegible Next, Segoe UI, Helvetica, Arial, sans-serif"
Attribute = str | float | int


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing with its alternative: ``title`` names it, ``description`` says in words what it shows."""

    svg: str
    title: str
    description: str
    width: float
    height: float


def number(value: float) -> str:
    """A coordinate with at most two decimals, so that equal drawings are equal bytes."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def tag(name: str, content: str = "", /, **attributes: Attribute) -> str:
    """One element; ``_`` in a name becomes ``-``; a trailing ``_`` keeps Python's own words free (``class_``)."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text(x: float, y: float, words: str, size: float, **attributes: Attribute) -> str:
    """Escaped text at a base line."""
    return tag("text", escape(words), x=x, y=y, font_size=size, **attributes)


def picture(width: float, height: float, body: str, *, name: str, title: str, description: str) -> Picture:
    """A whole drawing that names and describes itself. ``name`` keeps identifiers apart when several stand on one page."""
    about = tag("title", escape(title), id=f"{name}-title") + tag("desc", escape(description), id=f"{name}-desc")
    whole = tag(
        "svg",
        about + body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        font_family=FAMILY,
    )
    return Picture(svg=whole, title=title, description=description, width=width, height=height)


def strip(width: float, height: float, body: str) -> str:
    """A drawing that only repeats what stands beside it in words, and is silent to a screen reader."""
    return tag(
        "svg",
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        aria_hidden="true",
        focusable="false",
        font_family=FAMILY,
    )


def text_width(words: str, size: float) -> float:
    """Roughly how wide a line of text runs; good to a tenth, enough to keep labels apart."""
    return sum(_NARROW.get(character, 0.56) for character in words) * size


def _value(value: Attribute) -> str:
    return escape(value, quote=True) if isinstance(value, str) else number(value)


_NARROW = (
    dict.fromkeys("iljI.,:;|'!()[] ", 0.29)
    | dict.fromkeys("frt-/1", 0.4)
    | dict.fromkeys("mwMW%", 0.85)
    | dict.fromkeys("ABCDEGHKNOPQRUVXY", 0.67)
)
