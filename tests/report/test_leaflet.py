from __future__ import annotations

import re

import msgspec
import pytest

from peritia.knowledge.outcome import Outcome
from peritia.options.assessment import Ask
from peritia.report import compose_leaflet
from peritia.report.leaflet_content import Leaflet
from peritia.report.people import people
from peritia.report.wording import words
from report import invented_board as board
from report import invented_library
from report.reading import sentences


def _syllables(word: str) -> int:
    runs = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and runs > 1
    return max(runs - silent, 1)


def reading_age(text: str) -> float:
    """Flesch and Kincaid's grade, plus five: the age of a child in that grade."""
    parts = [part for part in re.split(r"[.!?:]+\s", text + " ") if part.strip()]
    found = re.findall(r"[A-Za-z']+", text)
    grade = 0.39 * len(found) / len(parts) + 11.8 * sum(map(_syllables, found)) / len(found) - 15.59
    return grade + 5


def test_the_formula_tells_a_ward_letter_from_plain_words() -> None:
    letter = "Histopathological examination demonstrated complete regression following intraperitoneal chemotherapy administration."
    assert reading_age(letter) > 18
    assert reading_age("The cat sat on the mat. It was warm there. It slept.") < 8


def test_our_own_sentences_read_at_twelve() -> None:
    entries = words("en").entries
    told = [text for key, text in entries.items() if key.startswith(("leaflet.", "plain.")) and len(text.split()) > 3]
    assert reading_age(" ".join(f"{text} " for text in told)) <= 12


def test_the_whole_leaflet_reads_at_twelve(leaflet: Leaflet) -> None:
    said = [text for text in sentences(msgspec.structs.replace(leaflet, sources=(), footer="", evidence_line="")) if len(text.split()) > 3]
    assert reading_age(" ".join(text if text.endswith((".", "?")) else f"{text}." for text in said)) <= 12


def test_every_option_is_told_and_its_verdict_in_plain_words(leaflet: Leaflet) -> None:
    assert [option.verdict.word for option in leaflet.options] == ["Open, with care", "Not sure yet", "Open, with care", "Open to you"]
    assert len(leaflet.closed) == 5
    assert "change your mind" in leaflet.closed[-1].why


def test_warning_signs_stand_there_only_when_pipac_may_be_given(leaflet: Leaflet) -> None:
    assert [sign.text for sign in leaflet.warning] == [words("en")("leaflet.warning.fever"), words("en")("leaflet.warning.wound")]
    numbers = [{cite.number for cite in sign.cites} for sign in leaflet.warning]
    assert [len(found) for found in numbers] == [1, 2], "each sign names its sources"
    assert set.union(*numbers) <= {entry.number for entry in leaflet.sources}
    without = board.assessment(options=tuple(option for option in board.OPTIONS if option.id != "pipac"))
    assert compose_leaflet(without, invented_library.library(), "en").warning == ()


def test_a_number_names_its_study_and_is_never_a_prediction(leaflet: Leaflet) -> None:
    pipac = next(option for option in leaflet.options if option.name.startswith("PIPAC"))
    assert [number.sentence for number in pipac.numbers] == [
        "Of 100 people who could be checked, about 80 had samples in which the cancer was damaged or gone."
    ]
    assert pipac.numbers[0].about == "From a study with 809 people [1]"
    assert "No one can tell" in words("en")("leaflet.not_a_prediction")


@pytest.mark.parametrize(
    "figure",
    [
        Outcome(
            name="Share of adverse events of grade 3 or more",
            kind="toxicity",
            unit="%",
            value=8,
            n=1703,
            note="Share of events, not of patients.",
        ),
        Outcome(name="Serious events", kind="toxicity", unit="%", value=8, n=1357),
        Outcome(name="Response", kind="response", unit="%", value=60, definition="biochemical"),
        Outcome(name="Response", kind="response", unit="%", value=60, definition="histological-regression", subgroup="responders"),
        Outcome(name="Response", kind="response", unit="%", value=60, definition="histological-regression", status="recalled"),
    ],
)
def test_a_share_that_plain_words_cannot_say_truly_is_left_out(figure: Outcome) -> None:
    study = msgspec.structs.replace(invented_library.STUDIES["isspp-2023"], outcomes=(figure,))
    told = compose_leaflet(board.assessment(), invented_library.library(studies={study.id: study}), "en")
    assert all(option.numbers == () for option in told.options)


def test_what_a_person_should_hear_from_a_person_is_not_printed() -> None:
    ask = Ask(fact="life_expectancy_months", description="Life expectancy", unit="mo", decides=("pipac",), contributes=(), why_unknown="")
    assert compose_leaflet(board.assessment(ask_next=(ask,)), invented_library.library(), "en").unknown == ()


def test_people_are_counted_dot_by_dot() -> None:
    drawn = people(37, name="p", title="37 of 100", description="37 of 100")
    assert drawn.svg.count("<circle") == 100
    assert drawn.svg.count('fill="#0b5563"') == 37
    with pytest.raises(ValueError, match="between 0 and 100"):
        people(101, name="p", title="", description="")
