"""The printed pages: complete, linked, and honest about what nobody verified."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from peritia.knowledge import library
from peritia.knowledge.catalogue import pages
from peritia.knowledge.kinds import KINDS
from peritia.knowledge.printing import UNVERIFIED, Printer


@pytest.fixture(scope="module")
def printed() -> Mapping[str, str]:
    return pages()


def test_every_kind_and_every_treatment_has_its_page(printed: Mapping[str, str]) -> None:
    expected = {f"treatments/{id_}.md" for id_ in library().treatments} | {f"{kind}.md" for kind in KINDS if kind != "sources"}
    assert expected | {"recurrence.md", "bibliography.md"} == set(printed)


def test_every_criterion_of_a_treatment_stands_on_its_page(printed: Mapping[str, str]) -> None:
    printer = Printer(library(), depth=1)
    for id_, treatment in library().treatments.items():
        lines = printed[f"treatments/{id_}.md"].splitlines()
        for part in (treatment, *treatment.arms):
            for criterion in (*part.applies, *part.requires, *part.excludes, *part.cautions):
                line = f"- {printer.criterion(criterion)}"
                assert line in lines
                assert criterion.because in line
                assert criterion.formula.text in line
                assert (UNVERIFIED in line) is not library().is_verified(criterion)


def test_every_link_leads_to_an_entry_of_the_bibliography(printed: Mapping[str, str]) -> None:
    anchors = {line.removeprefix("## ") for line in printed["bibliography.md"].splitlines() if line.startswith("## ")}
    links = {found for page in printed.values() for found in re.findall(r"bibliography\.md#([^)]+)\)", page)}
    assert links <= anchors
    assert len(links) > 100


def test_regimens_of_arms_are_linked(printed: Mapping[str, str]) -> None:
    entries = {line.removeprefix("## ") for line in printed["regimens.md"].splitlines() if line.startswith("## ")}
    linked = {found for page in printed.values() for found in re.findall(r"regimens\.md#([^)]+)\)", page)}
    assert linked
    assert linked <= entries


def test_recalled_sources_say_so_in_the_bibliography(printed: Mapping[str, str]) -> None:
    entries = re.split(r"^## ", printed["bibliography.md"], flags=re.MULTILINE)[1:]
    for entry in entries:
        source = library().sources[entry.partition("\n")[0]]
        assert (UNVERIFIED in entry) is (source.status == "recalled")


def test_printing_is_stable(printed: Mapping[str, str]) -> None:
    assert pages() == printed
