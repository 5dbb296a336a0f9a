"""Numbers sources in the order the reader meets them and prints the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from peritia.report.content import Cite, Entry
from peritia.report.wording import Words
from peritia.sources import Citation, Source


class Bibliography:
    """Hands out numbers on first use; ``entries`` is the list so far."""

    def __init__(self, sources: Mapping[str, Source], w: Words) -> None:
        self._sources = sources
        self._words = w
        self._numbers: dict[str, int] = {}
        self._given: dict[tuple[tuple[Citation | str, ...], bool], tuple[Cite, ...]] = {}

    def cite(self, citations: Iterable[Citation | str], *, verified: bool = True) -> tuple[Cite, ...]:
        """A cite for each citation; ``id#place`` texts are taken too. ``verified=False`` marks them all, for a claim that was recalled."""
        key = (tuple(citations), verified)
        if (known := self._given.get(key)) is None:  # the same few lists of sources stand behind hundreds of reasons
            known = self._given[key] = tuple([self._one(citation, verified) for citation in key[0]])
        return known

    def entries(self) -> tuple[Entry, ...]:
        """The numbered list."""
        return tuple(self._entry(number, identifier) for identifier, number in self._numbers.items())

    def checked(self) -> tuple[str, ...]:
        """ISO dates on which the sources cited so far were checked."""
        found = (self._sources.get(identifier) for identifier in self._numbers)
        return tuple(sorted(source.checked.isoformat() for source in found if source is not None and source.checked is not None))

    def _one(self, citation: Citation | str, verified: bool) -> Cite:
        if isinstance(citation, str):
            identifier, _, place = citation.partition("#")
            status = None
        else:
            identifier, place, status = citation.source, citation.place, citation.status
        number = self._numbers.setdefault(identifier, len(self._numbers) + 1)
        source = self._sources.get(identifier)
        seen = source is not None and source.verified and status != "recalled"
        return Cite(number=number, place=place, verified=verified and seen)

    def _entry(self, number: int, identifier: str) -> Entry:
        source = self._sources.get(identifier)
        if source is None:
            return Entry(
                number=number, text=self._words("source.missing", id=identifier), link="", link_words="", status="", verified=False
            )
        link, link_words = _link(source)
        checked = self._words("source.checked", day=self._words.day(source.checked)) if source.checked else ""
        status = "; ".join(part for part in (self._words(f"source.{source.status}"), checked) if part)
        return Entry(number=number, text=_printed(source), link=link, link_words=link_words, status=status, verified=source.verified)


@lru_cache(maxsize=4_096)
def _printed(source: Source) -> str:
    """Authors. Title. Container year."""
    place = " ".join(part for part in (source.container, str(source.year) if source.year else "") if part)
    parts = (part.rstrip(".") for part in (source.authors, source.title, place) if part)
    return ". ".join(parts) + "."


@lru_cache(maxsize=4_096)
def _link(source: Source) -> tuple[str, str]:
    """Where to read it: the most lasting address there is, and how it is written."""
    found = (
        (source.doi, f"https://doi.org/{source.doi}", f"doi:{source.doi}"),
        (source.pmid, f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/", f"PMID {source.pmid}"),
        (source.pmc, f"https://pmc.ncbi.nlm.nih.gov/articles/{source.pmc}/", source.pmc),
        (source.nct, f"https://clinicaltrials.gov/study/{source.nct}", source.nct),
        (source.url, source.url if source.url.startswith(("https://", "http://")) else f"https://{source.url}", source.url),
    )
    present = [(link, words) for value, link, words in found if value]
    if not present:
        return "", source.address
    return present[0][0], ", ".join(words for _, words in present)
