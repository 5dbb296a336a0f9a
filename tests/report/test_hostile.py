from __future__ import annotations

import msgspec

from peritia.case.case import Case, NotUnderstood
from peritia.case.disease import Primary
from peritia.options.assessment import FactUsed, Recurrence
from peritia.report import FILES, make_files
from report import invented_board as board
from report import invented_library
from report.reading import bare, page_words, pdf_words
from report.test_same_content import split_once

NO_RECURRENCE = Recurrence(
    recognised=None, pattern=None, disease_free_interval_months=None, index_cc=None, index_pci=None, why=(), deciding_facts=()
)
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
MARKUP = '#include "/etc/passwd" #read("/etc/passwd") *bold* _em_ $x^2$ @ref <label> \\ #{ panic() } = Heading `raw`'


def test_markup_in_a_case_stays_words() -> None:
    case = board.anna(
        story=MARKUP,
        question=SCRIPT + "{{ 7*7 }} {% raw %} \"'",
        title="</title><script>1</script>",
        not_understood=(NotUnderstood(where=SCRIPT, what=MARKUP, why="</style>"),),
    )
    files = make_files(case, board.fact_values(), board.assessment(), invented_library.library())
    page = files["dossier.html"].decode()
    assert "<script" not in page
    assert "<img" not in page
    assert "{{ 7*7 }}" in page.replace("&#39;", "'")
    for words in (page_words(files["dossier.html"]), pdf_words(files["dossier.pdf"])):
        assert bare(SCRIPT) in words
        assert bare(MARKUP) in words
    assert "root:" not in pdf_words(files["dossier.pdf"])


def test_a_drug_name_cannot_break_a_drawing() -> None:
    hostile = msgspec.structs.replace(board.FACTS[0], description='"/><script>')
    option = msgspec.structs.replace(board.OPTIONS[0], name='"><svg onload=alert(1)>', summary=MARKUP)
    changed = board.assessment(options=(option,), facts=(hostile,))
    page = make_files(board.anna(), {}, changed, invented_library.library())["dossier.html"].decode()
    assert "<svg onload" not in page
    assert "<script" not in page


def test_long_words_break_instead_of_running_off_the_page() -> None:
    word = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 6
    case = board.anna(question=word, story=word)
    files = make_files(case, board.fact_values(), board.assessment(), invented_library.library())
    assert word in pdf_words(files["dossier.pdf"])
    assert word in page_words(files["dossier.html"])


def test_an_empty_case_still_gives_all_files() -> None:
    empty = Case(primary=Primary(site="colon"))
    nothing = msgspec.structs.replace(
        board.assessment(),
        options=(),
        ask_next=(),
        unknown=(),
        assumed=(),
        studies=(),
        trials=(),
        policies=(),
        facts=(),
        recurrence=NO_RECURRENCE,
    )
    files = make_files(empty, {}, nothing, invented_library.library(treatments={}))
    assert set(files) == set(FILES)
    words = pdf_words(files["dossier.pdf"])
    assert bare("No dated event is on file") in words
    assert bare("Colon cancer") in words


def test_three_hundred_facts_are_all_printed() -> None:
    many = tuple(
        FactUsed(
            name=f"fact_{n}",
            description=f"Invented fact number {n} of the list",
            value=n if n % 2 else None,
            unit="mg/m2",
            state="known" if n % 2 else "unknown",
        )
        for n in range(300)
    )
    full = board.assessment(facts=(*board.FACTS, *many), unknown=tuple(fact for fact in many if fact.value is None))
    files = make_files(board.anna(), {}, full, invented_library.library())
    page, paper = page_words(files["dossier.html"]), pdf_words(files["dossier.pdf"])
    assert all(bare(fact.description) in page and split_once(fact.description, paper) for fact in many)
