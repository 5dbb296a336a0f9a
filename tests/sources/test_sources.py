"""Citations, their standing, identifiers and the bibliography's lines."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from peritia.sources import Citation, Source, Status, bibliography, cite, link, malformed, reference, weaker

PAPER = Source(
    id="paper", title="A paper", kind="cohort", status="seen", authors="A B et al.", container="Journal 1:2", year=2020,
    doi="10.1000/x", pmid="12345678", checked=date(2026, 11, 21),
)  # fmt: skip
MEMORY = Source(id="memory", title="From memory", kind="practice", status="recalled")
STATUSES: tuple[Status, ...] = ("recalled", "seen-partly", "seen")


def test_a_citation_names_source_and_place() -> None:
    assert cite("prodige-7#Table 2") == (Citation("prodige-7", "Table 2"),)
    assert cite(("a", "b#p. 3"), "recalled") == (Citation("a", "", "recalled"), Citation("b", "p. 3", "recalled"))
    assert cite("") == () == cite(())
    assert [str(one) for one in cite(("a", "b#p. 3"))] == ["a", "b#p. 3"]


@pytest.mark.parametrize(("one", "other"), list(product(STATUSES, STATUSES)))
def test_a_claim_stands_as_its_weaker_part(one: Status, other: Status) -> None:
    assert weaker(one, other) == STATUSES[min(STATUSES.index(one), STATUSES.index(other))]
    assert weaker(one, None) == one


def test_nothing_said_counts_as_recalled() -> None:
    assert weaker() == weaker(None) == "recalled"


def test_a_reference_says_how_it_was_read() -> None:
    assert reference(PAPER) == "A B et al., 2020. A paper. Journal 1:2. doi:10.1000/x. PMID:12345678. [read 2026-11-21]"
    assert "unverified" in reference(MEMORY)
    assert "unverified" in reference(PAPER, "recalled")


def test_a_bibliography_lists_each_work_once() -> None:
    sources = {"paper": PAPER, "memory": MEMORY}
    lines = bibliography((*cite("paper#T1"), *cite("paper#T2"), *cite("memory"), *cite("lost")), sources)
    assert [line.partition(":")[0] for line in lines] == ["lost", "memory", "paper"]
    assert "not among the sources" in lines[0]


def test_a_link_leads_to_the_best_identifier() -> None:
    assert link(PAPER) == "https://doi.org/10.1000/x"
    assert link(MEMORY) == ""


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("doi", "10.1016/S1470-2045(20)30599-4", "doi:10.1000/x"),
        ("pmid", "33476595", "0123456"),
        ("pmc", "PMC9827272", "9827272"),
        ("nct", "NCT03287375", "NCT0328737"),
    ],
)
def test_identifiers_have_their_form(field: str, good: str, bad: str) -> None:
    def made(value: str) -> Source:
        return Source(title="A", kind="cohort", status="seen", **{field: value})

    assert list(malformed(made(good))) == []
    assert [found[:2] for found in malformed(made(bad))] == [(field, bad)]
