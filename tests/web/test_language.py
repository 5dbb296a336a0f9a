"""Languages: every text of a page is marked, every catalogue is whole, and a reader gets the language they chose."""

from __future__ import annotations

import ast
import re
import sys
from gettext import GNUTranslations
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from fastapi import FastAPI
from jinja2 import Environment, nodes
from repository import REPO
from web_clinic import PASSWORD, Browser

from peritia.web import House
from peritia.web.language import _catalogue, accepted  # pyright: ignore[reportPrivateUsage]

sys.path.insert(0, str(REPO / "scripts"))
import translations

WEB = REPO / "src" / "peritia" / "web"
GETTEXT = {"_", "gettext", "ngettext"}
NAMES = {
    "Peritia", "Peritia Peritia", "mL", "min", "mg", "cm", "kg", "CA", "PCI", "iCalendar", "clinician", "nurse", "data-manager",
    "pharmacist", "viewer", "administrator", "peritia audit verify", "PIPAC",
}  # fmt: skip
"""What reads alike in every language: the program's name, units, user names, commands."""
HOLE = "\x00"


class Shown(HTMLParser):
    """The texts that a reader or a screen reader meets."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in ("title", "alt", "aria-label", "placeholder") and value]


def shown(html: str) -> list[str]:
    reader = Shown()
    reader.feed(html)
    return [text for text in (" ".join(one.split()) for one in reader.texts) if text and not text.startswith("aria-")]


def templates() -> list[Path]:
    return sorted((WEB / "templates").iterdir())


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name.split(".")[0])
def test_no_text_of_a_template_is_unmarked(path: Path) -> None:
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(path.read_text(encoding="utf-8"))
    marked = {
        id(inner)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for argument in call.args
        for inner in (argument, *argument.find_all(nodes.Const))
    }
    pieces: list[str] = []
    for output in tree.find_all(nodes.Output):
        pieces += [part.data if isinstance(part, nodes.TemplateData) else HOLE for part in output.nodes]
    bare = [text for text in shown("".join(pieces)) if re.search(r"[A-Za-z]{2}", text)]
    bare += [
        one.value
        for one in tree.find_all(nodes.Const)
        if isinstance(one.value, str)
        and id(one) not in marked
        and (re.match(r"[A-Z][a-z]", one.value) or " " in one.value.strip(" ·,;:"))
        and not re.match(r"(GET|POST|PUT) /|.*\.j2$|%| aria-", one.value)
    ]
    assert not [text for text in bare if re.sub(r"[^A-Za-z-]+", " ", text).strip() not in NAMES | {""}]


def test_no_sentence_of_the_code_is_unmarked() -> None:
    """A sentence in the code of the pages stands in a mark, in an error that is translated where it is told, or in a docstring."""
    wrong: list[str] = []
    for path in sorted(WEB.rglob("*.py")):
        place = str(path.relative_to(WEB))
        if place.startswith(("api/", "security/headers", "settings", "demo")):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        fine = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in translations.MARKS | translations.ERRORS | {"plural", "problem"}:
                fine |= {id(inner) for argument in (*call.args, *call.keywords) for inner in ast.walk(argument)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in fine:
                text = node.value if isinstance(node, ast.Constant) else ast.unparse(node)[2:-1]
                if isinstance(text, str) and re.match(r"[A-Z{'].*[a-z]{2} .*[a-z}]\.\Z", text) and "\n" not in text:
                    wrong.append(f"{place}:{node.lineno}: {text}")
    assert not wrong


@pytest.fixture(scope="module")
def german() -> dict[translations.Text, str | tuple[str, ...]]:
    return {one.id: one.string for one in translations.catalogue("de") if one.id}  # pyright: ignore[reportReturnType]


def _told(compiled: bytes) -> dict[object, str]:
    """The texts of a compiled catalogue, without its heading, which names a date."""
    return {text: told for text, told in GNUTranslations(BytesIO(compiled))._catalog.items() if text}  # pyright: ignore


def test_the_german_catalogue_is_whole_and_up_to_date(german: dict[translations.Text, str | tuple[str, ...]]) -> None:
    assert set(german) == set(translations.texts())
    assert not [text for text, told in german.items() if not all(told if isinstance(told, tuple) else (told,))]
    text, compiled = translations.written("de")
    folder = WEB / "translations"
    assert (folder / "de.po").read_bytes() == text, "run python scripts/translations.py"
    kept, made = (_told(data) for data in ((folder / "de.mo").read_bytes(), compiled))
    assert kept == made, "run python scripts/translations.py"


def test_a_translation_keeps_the_gaps_of_its_text(german: dict[translations.Text, str | tuple[str, ...]]) -> None:
    gap = re.compile(r"%\(\w+\)s|\{\w+\}|%%|<[^>]+>")
    wrong = []
    for text, told in german.items():
        pairs = [(text, told)] if isinstance(text, str) else zip(text, told, strict=True)
        wrong += [one for asked, one in pairs if set(gap.findall(one)) != set(gap.findall(asked))]
    assert not wrong


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr,en;q=0.5,de;q=0.6", "de"),
        ("fr", "en"),
        ("de;q=0,en", "en"),
        (";;q=x,,de;q=9,\x00", "en"),
        ("de," * 5000, "de"),
    ],
)
def test_the_browsers_wish_is_read(header: str, language: str) -> None:
    assert accepted(header) == language


def test_a_choice_is_kept_with_the_account_and_outlives_the_browser(clinic: FastAPI, browser: Browser, house: House) -> None:
    browser.get("/sign-in", headers={"accept-language": "de-DE"})
    assert '<html lang="de">' in browser.text
    assert "Anmelden" in browser.text
    browser.post("/sign-in", {"name": "clinician-north", "password": PASSWORD})
    assert "Search in titles" in browser.get("/patients").text
    answer = browser.post("/language", {"language": "de", "back": "/patients"})
    assert answer.headers["location"] == "/patients"
    assert "In Titeln und Kennungen suchen" in browser.get("/patients").text
    other = Browser(clinic)
    other.sign_in("clinician-north")
    assert '<html lang="de">' in other.get("/patients/maria").text
    other.post("/language", {"language": "xx", "back": "//evil.example"})
    account = house.accounts.get("clinician-north")
    assert account is not None
    assert account.language == "de"
    assert "Das ist nicht Ihr bisheriges Passwort." in other.post("/account/password", {"old": "x", "password": "y", "again": "y"}).text


PAGES = [
    "/patients", "/patients/maria", "/patients/maria/board", "/patients/maria/course", "/patients/maria/history", "/patients/maria/enter",
    "/patients/maria/enter/peritoneum", "/patients/maria/enter/performance", "/patients/maria/panel/labs", "/patients/maria/board/decide",
    "/patients/maria/session", "/patients/maria/session/plan?regimen=pipac-oxaliplatin-120", "/patients/maria/calendar", "/patients/new",
    "/knowledge", "/knowledge/treatments/pipac", "/account", "/account/tokens", "/calendar", "/nowhere",
]  # fmt: skip


def test_no_page_stays_english_where_the_catalogue_knows_better(clinician: Browser, german: dict[translations.Text, str]) -> None:
    """What the evidence base says stays English; what the pages say does not."""
    other = {text for text, told in german.items() if isinstance(text, str) and text != told and "%(" not in text and len(text) > 3}
    english = {path: clinician.get(path).text for path in PAGES}
    clinician.get("/account")
    clinician.post("/language", {"language": "de"})
    from_knowledge = {"Evidence", "Cytoreductive surgery", "Signet ring cells", "Temperature"}
    for path in PAGES:
        page = clinician.get(path)
        assert page.status_code == (404 if path == "/nowhere" else 200), path
        left = [text for text in shown(page.text) if text in other - from_knowledge and text not in _catalogue("de")._catalog.values()]  # pyright: ignore
        assert not left, (path, left)
        assert page.text != english[path]


def test_dates_and_verdicts_are_written_as_the_reader_writes_them(clinician: Browser) -> None:
    day = re.compile(r"\d+ (Jan|Feb|Mar|May|Oct|Dec)\w* \d{4}")
    assert day.search(clinician.get("/patients/maria").text)
    clinician.post("/language", {"language": "de"})
    page = clinician.get("/patients/maria").text.split("<main")[1]
    assert re.search(r"\d+\. (Jan|Feb|März|Apr|Mai|Juni|Juli|Aug|Sept|Okt|Nov|Dez)\.? \d{4}", page)
    board = clinician.get("/patients/maria/board").text
    assert ">Offen" in board or "Hängt ab" in board
    assert "Als Nächstes fragen" in board


def test_a_dose_is_written_with_one_decimal_sign_in_every_language(clinician: Browser) -> None:
    """Forms take a point, so pages show one: a dose that stands in two columns stands there alike."""
    clinician.get("/account")
    clinician.post("/language", {"language": "de"})
    page = clinician.get("/patients/maria/session/plan?regimen=pipac-oxaliplatin-120").text.split("<main")[1]
    assert page.count("199.8") >= 2
    assert not re.search(r">\s*\d+,\d", page)


def test_programs_are_answered_in_english(clinician: Browser) -> None:
    clinician.get("/account")
    clinician.post("/language", {"language": "de"})
    assert "no case" in clinician.client.get("/api/v1/patients/nobody").json()["detail"]
