"""Cases that a board meets rarely and a program gets wrong easily. Each says what must not be read from the dossier."""

from __future__ import annotations

from datetime import date

import pytest

from peritia import documents
from peritia.case import Case
from peritia.options import ArmResult, OptionResult, assess

ON = date(2026, 11, 21)
COLON = """
primary: {site: colon, side: left, status: resected}
status: [{on: 2026-11-01, status: progressing, peritoneal: present, distant: absent}]
"""


def option(text: str, treatment: str) -> OptionResult:
    return next(found for found in assess(documents.read(text, Case), ON).options if found.id == treatment)


def arm(text: str, treatment: str, name: str) -> ArmResult:
    return next(found for found in option(text, treatment).arms if found.id == name)


def held(result: OptionResult | ArmResult, effect: str) -> list[str]:
    return [reason.because for reason in result.reasons if reason.effect == effect]


@pytest.mark.parametrize(
    ("operated", "effect"),
    [
        ("cytoreductions: [{on: 2026-10-25, completed: false, pci: 25}]", "against"),
        ("cytoreductions: [{on: 2026-10-24, completed: false, pci: 25}]", "for"),
        ("peritoneum: [{on: 2026-10-25, method: laparoscopy}]\ncytoreductions: [{on: 2025-10-25}]", "for"),
        ("peritoneum: [{on: 2026-10-25, method: laparoscopy}]", "open-question"),
        ("never: [{kind: abdominal-surgery, on: 2026-11-20}]", "for"),
        ("", "open-question"),
    ],
)
def test_an_abandoned_cytoreduction_has_to_heal_before_bevacizumab(operated: str, effect: str) -> None:
    bevacizumab = arm(COLON + operated, "targeted-therapy", "bevacizumab-colorectal")
    reason = next(reason for reason in bevacizumab.reasons if reason.because.startswith("Less than 28 days since an open"))
    assert reason.effect == effect
    assert effect != "against" or reason.recoverable


def test_a_laparoscopy_of_last_week_flags_bevacizumab() -> None:
    text = COLON + "peritoneum: [{on: 2026-11-14, method: laparoscopy}]\ncytoreductions: [{on: 2025-10-25}]"
    flags = held(arm(text, "targeted-therapy", "bevacizumab-colorectal"), "flag")
    assert any("laparoscopy" in flag for flag in flags)
