"""What on file contradicts itself is named before anything is read from the verdicts."""

from __future__ import annotations

from datetime import date

import pytest

from peritia import documents
from peritia.case import Case
from peritia.case.conflicts import conflicts
from peritia.options import Contradiction, assess

ON = date(2026, 11, 21)


def found(text: str) -> tuple[Contradiction, ...]:
    return assess(documents.read(f"primary: {{site: colon}}\n{text}", Case), ON).contradictions


@pytest.mark.parametrize(
    ("images", "surgeon", "told"),
    [(12, 8, True), (9, 8, True), (8, 8, False), (6, 8, False)],
)
def test_images_above_the_surgeon_are_named_since_images_read_low(images: int, surgeon: int, told: bool) -> None:
    text = f"peritoneum: [{{on: 2026-10-01, method: laparoscopy, total: {surgeon}}}, {{on: 2026-10-20, method: ct, total: {images}}}]"
    named = [[fact.name for fact in one.facts] for one in found(text)]
    assert named == ([["pci_imaging", "pci_surgical"]] if told else [])
    case = documents.read(f"primary: {{site: colon}}\n{text}", Case)
    assert [one.name for one in conflicts(case, ON)] == (["images-above-the-surgeon"] if told else [])


@pytest.mark.parametrize("missing", ["method: laparoscopy, total: 8", "method: ct, total: 12"])
def test_one_score_alone_contradicts_nothing(missing: str) -> None:
    assert found(f"peritoneum: [{{on: 2026-10-01, {missing}}}]") == ()


def test_a_total_that_its_regions_deny_is_named_with_its_entry() -> None:
    text = "peritoneum: [{on: 2026-10-01, method: laparoscopy, total: 5, regions: {0: 3, 1: 3}}]"
    one = next(one for one in found(text) if "pci_surgical" in {fact.name for fact in one.facts})
    assert one.text.startswith("PCI total 5 contradicts its regions")
    assert one.facts[0].paths == ("peritoneum[0]",)


def test_two_surgeons_of_one_day_are_named_once_with_every_fact_they_leave_open() -> None:
    text = "peritoneum: [{on: 2026-10-01, method: laparoscopy, total: 5}, {on: 2026-10-01, method: laparoscopy, total: 9}]"
    (one,) = found(text)
    assert {"pci_surgical", "pci_laparoscopy"} <= {fact.name for fact in one.facts}


def test_not_recorded_is_no_contradiction() -> None:
    assert found("") == ()
