"""What a DOI, a PubMed number, a PubMed Central number and a registry number look like. Says nothing of whether they exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peritia.sources.source import Source

_SHAPES: dict[str, tuple[re.Pattern[str], str]] = {
    "doi": (re.compile(r"10\.\d{4,9}/[^\s\"<>]+"), "10.1016/j.ejso.2021.10.028, without https"),
    "pmid": (re.compile(r"[1-9]\d{5,7}"), "a number of six to eight digits such as 33476595"),
    "pmc": (re.compile(r"PMC[1-9]\d{4,7}"), "PMC with five to eight digits, such as PMC9827272"),
    "nct": (re.compile(r"NCT\d{8}"), "NCT with eight digits, such as NCT03287375"),
}
IDENTIFIERS: tuple[str, ...] = tuple(_SHAPES)
"""The fields of a source that name one work and one only."""


def malformed(source: Source) -> Iterator[tuple[str, str, str]]:
    """Each identifier that does not have its form: field, what stands there, what is expected."""
    for field, (shape, expected) in _SHAPES.items():
        written: str = getattr(source, field)
        if written and not shape.fullmatch(written):
            yield field, written, expected
    if source.address.startswith("http") or source.url.startswith("http://"):
        yield "address", source.address or source.url, "an address without http in front; a url with https"


def identified(source: Source) -> Iterator[tuple[str, str]]:
    """Each identifier the source has: field and value, so written that two spellings of one are equal."""
    for field in IDENTIFIERS:
        written: str = getattr(source, field)
        if written:
            yield field, written.lower()
