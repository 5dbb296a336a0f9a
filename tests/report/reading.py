"""Reads back what was set: the words of a page, of a PDF, and of the content itself, bare of white space."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO

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


def sentences(content: object, field: str = "") -> Iterator[str]:
    """Every sentence that the content holds, drawings' own left out."""
    if isinstance(content, str):
        if content and field not in SILENT:
            yield content
    elif isinstance(content, msgspec.Struct):
        kind = type(content).__name__
        for name in content.__struct_fields__:
            hidden = (kind == "FactLine" and name == "name") or (kind == "Picture")
            if not hidden:
                yield from sentences(getattr(content, name), name)
    elif isinstance(content, tuple):
        for part in content:
            yield from sentences(part, field)
