"""What a knowledge file must hold beyond its shape: sources that exist, criteria that parse, references that resolve.

Every struct of every kind is judged alike, by the names of its fields; a new kind needs no rule of its own here.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, cast

import msgspec

from peritia.case.facts import DECLARATIONS
from peritia.criteria import CriterionError
from peritia.knowledge.criterion import Criterion, formula
from peritia.knowledge.walk import Part, Path, own_citations, parts

REFERENCES: Mapping[str, str] = {
    "regimen": "regimens",
    "replaced_by": "regimens",
    "drug": "drugs",
    "with_drug": "drugs",
    "treatments": "treatments",
    "builds_on": "treatments",
    "beside": "studies",
    "results": "studies",
}
"""Fields that name another file, and of which kind."""
FACT_FIELDS: tuple[str, ...] = ("fact", "facts", "tally_fact", "hypersensitivity_fact")
"""Fields that name declared facts."""
FORMULA_FIELDS: tuple[str, ...] = ("when", "refusal")
"""Fields that hold a text in the language of criteria; empty means none."""


class Fault(NamedTuple):
    """Something wrong at a place in a file."""

    path: Path
    message: str
    hint: str = ""


def faults(node: msgspec.Struct, known: Mapping[str, Iterable[str]]) -> Iterator[Fault]:
    """Everything wrong with one file's struct. ``known`` holds the ids of every kind, sources included."""
    for part in parts(node):
        yield from _sources(part, known["sources"])
        yield from _formulas(part)
        yield from _references(part, known)
        if isinstance(part.node, Criterion) and not part.node.because.strip():
            yield Fault((*part.path, "because"), "a criterion needs a sentence for a human")
        yield from _recoverable(part)


def _sources(part: Part, known: Iterable[str]) -> Iterator[Fault]:
    if not hasattr(part.node, "source") and not hasattr(part.node, "protocol"):
        return
    place = (*part.path, "source" if hasattr(part.node, "source") else "protocol")
    if not part.citations:
        yield Fault(place, "a claim without a source", "name a file in sources/ by its stem")
    names = frozenset(known)
    for citation in own_citations(part.node):
        if citation.source not in names:
            yield Fault(place, f"no source is named {citation.source!r}", _near(citation.source, names))


def _formulas(part: Part) -> Iterator[Fault]:
    for field in FORMULA_FIELDS:
        text = getattr(part.node, field, "")
        if not isinstance(text, str) or not text:
            if field == "when" and isinstance(part.node, Criterion):
                yield Fault((*part.path, field), "a criterion needs a condition")
            continue
        try:
            formula(text)
        except CriterionError as error:
            expected = f"; expected {error.expected}" if error.expected else ""
            yield Fault((*part.path, field), f"{error.found}{expected}", error.hint)


def _references(part: Part, known: Mapping[str, Iterable[str]]) -> Iterator[Fault]:
    for field in part.node.__struct_fields__:
        kind = "facts" if field in FACT_FIELDS else REFERENCES.get(field)
        if kind is None:
            continue
        ids = frozenset(DECLARATIONS) if kind == "facts" else frozenset(known.get(kind, ()))
        for name in _names(getattr(part.node, field)):
            if name not in ids:
                yield Fault((*part.path, field), f"nothing among the {kind} is named {name!r}", _near(name, ids))


def _recoverable(part: Part) -> Iterator[Fault]:
    excludes = cast("tuple[object, ...]", getattr(part.node, "excludes", ()))
    for position, criterion in enumerate(excludes):
        if isinstance(criterion, Criterion) and criterion.recoverable is None:
            where = (*part.path, "excludes", position)
            yield Fault(where, "an exclusion says whether it can recover", "recoverable: true or recoverable: false")


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(name for name in cast("tuple[object, ...]", value) if isinstance(name, str)) if isinstance(value, tuple) else ()


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, sorted(known), n=2, cutoff=0.6)
    return f"did you mean {' or '.join(near)}" if near else ""
