from __future__ import annotations

import msgspec

from peritia.options.assessment import Ask, Contradiction
from peritia.report import compose, dossier_pdf
from peritia.report.content import Dossier
from report import invented_board as board
from report import invented_library
from report.reading import bare, pdf_pages


def test_first_page_has_who_question_verdicts_unknown_assumed_and_ask(dossier: Dossier, made: dict[str, bytes]) -> None:
    first = pdf_pages(made["dossier.pdf"])[0]
    assert bare("Woman, 58") in first
    assert bare(dossier.question) in first
    assert all(bare(row.name) in first and bare(row.why) in first for row in dossier.verdicts)
    assert bare(dossier.unknown) in first
    assert bare(dossier.assumed) in first
    assert all(bare(ask.text) in first for ask in dossier.ask_next)
    assert bare("Recurrence after CRS with HIPEC") in first


def test_first_page_stays_one_page_when_a_case_has_much_to_say() -> None:
    long_why = "Several things stand in the way at once and each of them has to be told here in a line that does not want to end. "
    eleven = (
        *board.OPTIONS,
        msgspec.structs.replace(board.OPTIONS[0], id="crs"),
        msgspec.structs.replace(board.OPTIONS[1], id="second-hipec"),
    )
    options = tuple(msgspec.structs.replace(option, summary=long_why) for option in eleven)
    item = Ask(
        fact="",
        description="",
        unit=None,
        decides=("pipac", "crs-hipec"),
        contributes=("radiation",),
        why_unknown="never recorded by anyone",
    )
    asks = tuple(msgspec.structs.replace(item, fact=f"fact_{n}", description=f"Missing item {n} with a long name") for n in range(20))
    full = board.assessment(options=options, ask_next=asks)
    dossier = compose(board.anna(), board.fact_values(), full, invented_library.library(), "en")
    pages = pdf_pages(dossier_pdf(dossier))
    assert bare("Ask next") in pages[0]
    assert bare("it is no ranking") in pages[0]
    assert pages[1].startswith(bare("What decides"))


def test_every_page_says_research_only_with_hash_and_page_number(dossier: Dossier, made: dict[str, bytes]) -> None:
    for name in ("dossier.pdf", "leaflet.pdf"):
        pages = pdf_pages(made[name])
        for number, page in enumerate(pages, start=1):
            assert "Notamedicaldevice" in page
            assert "a1b2c3d4a1b2" in page
            assert f"Page{number}of{len(pages)}" in page


def test_verdict_carries_shape_colour_and_word(made: dict[str, bytes]) -> None:
    page = made["dossier.html"].decode()
    for key, word in (("open", "Open"), ("open-with-flags", "Open with flags"), ("depends", "Depends"), ("closed", "Closed")):
        assert f'class="verdict {key}"><span class="mark"><svg' in page
        assert word in page


def test_a_contradiction_stands_on_the_first_page_before_the_verdicts() -> None:
    pci = next(fact for fact in board.FACTS if fact.name == "pci_surgical")
    one = Contradiction(text="Two surgeons of one day disagree", facts=(pci,))
    dossier = compose(board.anna(), board.fact_values(), board.assessment(contradictions=(one,)), invented_library.library(), "en")
    first = pdf_pages(dossier_pdf(dossier))[0]
    assert first.index(bare("Settle first")) < first.index(bare("Two surgeons of one day disagree")) < first.index(bare("What is open"))
