from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from peritia.report.palette import INK, LESION, LESION_INK, SOFT, TINTS, VERDICTS

PAGES = ("dossier.html", "leaflet.html")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_fetched_from_outside(made: dict[str, bytes], name: str) -> None:
    page = made[name].decode()
    assert re.findall(r"\bsrc\s*=", page) == []
    assert "<script" not in page
    assert "<link" not in page
    assert "@import" not in page
    assert set(re.findall(r"url\((?!#)(.{9})", page)) == {"data:font"}
    links = re.findall(r'<(\w+)[^>]*\shref="(?!#)([^"]*)"', page)
    assert {element for element, _ in links} <= {"a"}
    assert all(address.startswith("https://") for _, address in links)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1440, 390])
def test_page_is_free_of_what_axe_finds(made: dict[str, bytes], browser: Any, tmp_path: Path, name: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    (tmp_path / name).write_bytes(made[name])
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / name).as_uri())
    found = Axe().run(page)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.close()
    assert found.violations_count == 0, found.generate_report()
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []
    assert overflow <= 0


def test_the_page_prints_on_a4_with_its_footer(made: dict[str, bytes], browser: Any, tmp_path: Path) -> None:
    from report.reading import pdf_pages

    (tmp_path / "dossier.html").write_bytes(made["dossier.html"])
    page = browser.new_page()
    page.goto((tmp_path / "dossier.html").as_uri())
    printed = pdf_pages(page.pdf(prefer_css_page_size=True))
    page.close()
    assert all("Notamedicaldevice" in sheet for sheet in printed)
    assert "Asknext" in printed[0]


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_step_at_a_time(made: dict[str, bytes], name: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", made[name].decode())]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_every_drawing_is_named_or_silent_and_no_id_stands_twice(made: dict[str, bytes], name: str) -> None:
    page = made[name].decode()
    for drawing in re.findall(r"<svg[^>]*>", page):
        assert 'role="img"' in drawing or 'aria-hidden="true"' in drawing
    identifiers = re.findall(r'\sid="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))
    for target in re.findall(r'aria-labelledby="([^"]+)"', page):
        assert all(part in identifiers for part in target.split())
    assert all(anchor in identifiers for anchor in re.findall(r'href="#([^"]+)"', page))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_ink_reads_on_its_ground() -> None:
    assert all(_contrast(ink, "#ffffff") >= 4.5 for ink in (INK, SOFT, *VERDICTS.values()))
    assert all(_contrast(VERDICTS[key], TINTS[key]) >= 4.5 for key in VERDICTS)
    assert all(_contrast(ink, ground) >= 4.5 for ink, ground in zip(LESION_INK, LESION, strict=True))


def test_lesion_sizes_darken_step_by_step() -> None:
    shades = [_luminance(colour) for colour in LESION]
    assert shades == sorted(shades, reverse=True)
    assert all(before / after > 1.2 for before, after in pairwise(shades))
