from __future__ import annotations

import re
from datetime import date

import pytest

from peritia.report import LANGUAGES, make_files
from peritia.report.wording import words
from report import invented_board as board
from report import invented_library
from report.reading import bare, page_words, pdf_words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_english_entry_with_the_same_gaps(language: str) -> None:
    english, other = words("en").entries, words(language).entries
    gaps = re.compile(r"\{(\w+)\}")
    assert set(english) <= set(other)
    assert [key for key in english if sorted(gaps.findall(english[key])) != sorted(gaps.findall(other[key]))] == []


def test_german_files_are_german_and_say_what_is_not() -> None:
    files = make_files(board.anna(), board.fact_values(), board.assessment(), invented_library.library(), lang="de")
    assert b'<html lang="de">' in files["dossier.html"]
    for told in (page_words(files["dossier.html"]), pdf_words(files["dossier.pdf"])):
        assert bare("Was offen ist") in told
        assert bare("KeinMedizinprodukt") in told
        assert bare("auf Englisch und sind nicht übersetzt") in told
    assert bare("Ihre Möglichkeiten der Behandlung") in pdf_words(files["leaflet.pdf"])


def test_values_are_written_as_a_reader_writes_them() -> None:
    english, german = words("en"), words("de")
    assert english.value(71.6, "mL/min") == "71.6\N{NO-BREAK SPACE}mL/min"
    assert german.value(71.6, "mL/min") == "71,6\N{NO-BREAK SPACE}mL/min"
    assert english.value(24, "{score}") == "24"
    assert english.value(-3, "{score}") == "−3"
    assert english.value(True) == "yes"
    assert english.value(None, "g/L") == "not known"
    assert english.value("high-grade-serous") == "high-grade serous"
    assert english.value(1234.5, "mg/m2") == "1234.5\N{NO-BREAK SPACE}mg/m²"
    assert english.day(date(2026, 11, 21)) == "21 Nov 2026"
    assert english.listing(["a", "b", "c"]) == "a, b and c"
