from __future__ import annotations

import pytest

from peritia.report.content import Dossier
from peritia.report.leaflet_content import Leaflet
from report.reading import bare, page_words, paper_sentences, pdf_words, sentences


def split_once(sentence: str, words: str) -> bool:
    """Whether a sentence stands in the words, whole or broken once by the foot of a page."""
    wanted = bare(sentence)
    return wanted in words or any(wanted[:at] in words and wanted[at:] in words for at in range(8, len(wanted) - 8))


@pytest.mark.parametrize("medium", ["html", "pdf"])
def test_page_and_paper_say_everything_the_dossier_says(dossier: Dossier, made: dict[str, bytes], medium: str) -> None:
    words = page_words(made["dossier.html"]) if medium == "html" else pdf_words(made["dossier.pdf"])
    told = list(sentences(dossier) if medium == "html" else paper_sentences(dossier))
    missing = [sentence for sentence in told if not split_once(sentence, words)]
    assert len(told) > 300
    assert missing == []


@pytest.mark.parametrize("medium", ["html", "pdf"])
def test_page_and_paper_say_everything_the_leaflet_says(leaflet: Leaflet, made: dict[str, bytes], medium: str) -> None:
    words = page_words(made["leaflet.html"]) if medium == "html" else pdf_words(made["leaflet.pdf"])
    assert [sentence for sentence in sentences(leaflet) if not split_once(sentence, words)] == []


def test_every_verdict_line_reason_and_source_is_on_paper(dossier: Dossier, made: dict[str, bytes]) -> None:
    words = pdf_words(made["dossier.pdf"])
    groups = [group for option in dossier.options for part in (option, *option.arms) for group in part.groups]
    assert all(bare(row.verdict.word + row.name) in words for row in dossier.verdicts)
    assert all(split_once(line.text, words) for group in groups for line in group.reasons)
    assert all(split_once(line.rule, words) for group in groups if not group.compact for line in group.reasons)
    assert all(split_once(entry.text, words) for entry in dossier.sources)
