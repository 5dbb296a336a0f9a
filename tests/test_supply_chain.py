"""What the program is made of: no licence that binds it, a bill of materials in form, and an audit that never passes for one that ran."""

from __future__ import annotations

import json
import re
import sys

import pytest
from repository import REPO

sys.path.insert(0, str(REPO / "scripts"))
import supply_chain

COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
PERMITTED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software|HPND|MPL|Mozilla|LGPL|Lesser General|Zlib|0BSD|Unlicense|CC0|BSL-1.0",
    re.IGNORECASE,
)


def test_no_part_binds_the_program_by_its_licence() -> None:
    """Parts for this machine only: a lock also names what other systems need, and that is not installed here."""
    told = {name: supply_chain.licence_of(name) for name in supply_chain.parts()}
    installed = {name: licence for name, licence in told.items() if licence}
    assert len(installed) > 0.85 * len(told)
    assert not {name: licence for name, licence in installed.items() if COPYLEFT.search(licence)}
    assert not {name: licence for name, licence in installed.items() if not PERMITTED.search(licence)}


@pytest.mark.parametrize(
    ("licence", "binds"),
    [("GPL-3.0-only", True), ("AGPL-3.0", True), ("GNU General Public License v3", True), ("LGPL-3.0-only", False), ("MIT", False)],
)
def test_the_pattern_tells_licences_apart(licence: str, binds: bool) -> None:
    assert bool(COPYLEFT.search(licence)) is binds


def test_the_bill_of_materials_is_in_form_and_the_same_each_time() -> None:
    text = supply_chain.bill()
    assert supply_chain.JsonStrictValidator(supply_chain.SchemaVersion.V1_6).validate_str(text) is None
    assert text == supply_chain.bill()
    listed = {one["name"]: one for one in json.loads(text)["components"]}
    assert set(listed) == set(supply_chain.parts())
    assert all(one["hashes"] and one["purl"].startswith("pkg:pypi/") for one in listed.values())


@pytest.mark.parametrize(
    ("said", "complained", "ended", "line"),
    [
        ("", "ConnectionError: no route", 0, "did not run"),
        ('{"dependencies": [{"name": "a", "skip_reason": "not found"}]}', "", 0, "did not run"),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', "", 0, "no advisory against 1"),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": ""}]}', "", 0, "not looked up: b"),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-0"}]}]}', "", 1, "a 1: PYSEC-0"),
    ],
)
def test_an_audit_that_could_not_look_says_so(said: str, complained: str, ended: int, line: str) -> None:
    code, told = supply_chain.judged(said, complained)
    assert code == ended
    assert line in told
    assert "\n" not in told


def test_locks_name_no_host_and_pin_every_file() -> None:
    for name in ("run", "test"):
        text = (REPO / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
        assert "://" not in text
        assert all(hashes for _, hashes in supply_chain.parts(REPO / "requirements" / f"{name}.lock").values())
