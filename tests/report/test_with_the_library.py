"""The report over the library that ships and an assessment as the program makes it."""

from __future__ import annotations

from typing import Any

import pytest

from peritia.case import facts
from peritia.knowledge import library
from peritia.options import assess
from peritia.report import compose, compose_leaflet, dossier_html, dossier_pdf, leaflet_html
from report import invented_board as board
from report.reading import bare, page_words, paper_sentences, pdf_pages, pdf_words, sentences
from report.test_leaflet import reading_age
from report.test_same_content import split_once


@pytest.fixture(scope="module")
def real() -> dict[str, Any]:
    case, found, shelf = board.anna(), facts(board.anna(), board.ON), library()
    judged = assess(found, board.ON, shelf)
    dossier = compose(case, found, judged, shelf, "en")
    leaflet = compose_leaflet(judged, shelf, "en")
    return {"dossier": dossier, "leaflet": leaflet, "pdf": dossier_pdf(dossier), "html": dossier_html(dossier).encode()}


def test_three_pages_suffice_and_the_annex_follows(real: dict[str, Any]) -> None:
    """Verdicts, what decides, the disease; then less than twenty pages behind them."""
    pages = pdf_pages(real["pdf"])
    assert "Asknext" in pages[0]
    assert "itisnoranking" in pages[0]
    assert [page[:8] for page in pages[1:4]] == ["Whatdeci", "Diseasea", "Annex:ev"]
    assert all(bare(brief.name) in pages[1] for brief in real["dossier"].briefs)
    assert len(pages) - 3 < 20


def test_page_and_paper_agree(real: dict[str, Any]) -> None:
    for words, told in ((page_words(real["html"]), sentences(real["dossier"])), (pdf_words(real["pdf"]), paper_sentences(real["dossier"]))):
        assert [sentence for sentence in told if not split_once(sentence, words)] == []


def test_the_real_leaflet_reads_at_about_twelve(real: dict[str, Any]) -> None:
    plain = real["leaflet"].options
    said = " ".join(" ".join((option.what, *option.good, *option.hard, *option.ask)) for option in plain)
    assert reading_age(said) <= 13
    assert "Not a medical device" in leaflet_html(real["leaflet"])


def test_every_source_cited_is_in_the_library(real: dict[str, Any]) -> None:
    assert [entry.text for entry in real["dossier"].sources if "is not in the library" in entry.text] == []
