"""A source as a line of a bibliography, and a list of them. What was only recalled says so in the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from peritia.sources.citation import Citation, weaker
from peritia.sources.source import Source, Status

STANDING: Mapping[Status, str] = {
    "seen": "read",
    "seen-partly": "read in part or second-hand",
    "recalled": "unverified: written from memory, not read again",
}
"""How well a source was verified, in words."""


def reference(source: Source, standing: Status | None = None) -> str:
    """One line: authors, year, title, container, identifiers, how it was read. ``standing`` is that of a claim, if weaker."""
    head = ", ".join(part for part in (source.authors, str(source.year) if source.year else "") if part)
    parts = [head, source.title.rstrip("."), source.container, *_links(source)]
    line = ". ".join(part for part in parts if part)
    return f"{line}. [{STANDING[weaker(source.status, standing)]}{_when(source)}]"


def bibliography(citations: Iterable[Citation], sources: Mapping[str, Source]) -> tuple[str, ...]:
    """The works cited, each once, by id; a place cited is not repeated here. An unknown id is named as such."""
    cited = sorted({citation.source for citation in citations})
    return tuple(f"{id_}: {reference(sources[id_]) if id_ in sources else 'not among the sources'}" for id_ in cited)


def link(source: Source) -> str:
    """Where to read it: an address of the open web, or empty."""
    if source.url:
        return source.url
    for prefix, identifier in (
        ("https://doi.org/", source.doi),
        ("https://pubmed.ncbi.nlm.nih.gov/", source.pmid),
        ("https://pmc.ncbi.nlm.nih.gov/articles/", source.pmc),
        ("https://clinicaltrials.gov/study/", source.nct),
    ):
        if identifier:
            return prefix + identifier
    return ""


def _links(source: Source) -> list[str]:
    named = (("doi", source.doi), ("PMID", source.pmid), ("", source.pmc), ("", source.nct))
    return [f"{name}:{value}" if name else value for name, value in named if value]


def _when(source: Source) -> str:
    return f" {source.checked.isoformat()}" if source.checked and source.status != "recalled" else ""
