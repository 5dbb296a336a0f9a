"""Reads back what was set: the words of a page, of a PDF, and of the content itself, bare of white space."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import cast

import msgspec
from pypdf import PdfReader

_INVISIBLE = re.compile("[\\s\u00a0\u00ad\u200b\u2060\ufeff]+")


def bare(text: str) -> str:
    return _INVISIBLE.sub("", text)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def page_words(page: bytes) -> str:
    reader = _Words()
    reader.feed(page.decode())
    return bare("".join(reader.found))


def pdf_pages(pdf: bytes) -> list[str]:
    return [bare(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def pdf_words(pdf: bytes) -> str:
    """The words of all pages; what stands below the page's last rule (its footer) comes between two pages."""
    return "".join(pdf_pages(pdf))


SILENT = frozenset(
    {"svg", "strip", "axis", "id", "key", "effect", "state", "match", "answer", "link", "language", "name:fact", "title:alt", "description"}
)


def left_to_the_page(content: msgspec.Struct) -> tuple[str, ...]:
    """Fields that the PDF leaves to the page: rules and values of what decides nothing, PIPAC beside HIPEC, where a fact comes from."""
    kind = type(content).__name__
    if kind == "ReasonLine" and getattr(content, "effect", "") in ("flag-unknown", "for", "no-flag"):
        return ("rule", "facts")
    return {"Dossier": ("beside", "beside_heads"), "Policy": ("reasons",), "Recurrence": ("facts",)}.get(kind, ())


def paper_sentences(content: object) -> Iterator[str]:
    """Every sentence that the PDF has to hold."""
    return sentences(content, left_out=left_to_the_page)


def sentences(content: object, field: str = "", left_out: Callable[[msgspec.Struct], tuple[str, ...]] = lambda _: ()) -> Iterator[str]:
    """Every sentence that the content holds, drawings' own left out."""
    if isinstance(content, str):
        if content and field not in SILENT:
            yield content
    elif isinstance(content, msgspec.Struct):
        kind = type(content).__name__
        for name in content.__struct_fields__:
            hidden = (kind == "FactLine" and name == "name") or (kind == "Picture") or name in left_out(content)
            if not hidden:
                yield from sentences(getattr(content, name), name, left_out)
    elif isinstance(content, tuple):
        for part in cast("tuple[object, ...]", content):
            yield from sentences(part, field, left_out)
