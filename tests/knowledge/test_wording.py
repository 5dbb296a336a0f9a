"""What patients read is readable at twelve years of age: short sentences, short words, no ward abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peritia.knowledge.files import read_files
from peritia.knowledge.walk import parts

GRADE_AT_TWELVE = 6.9
"""Flesch-Kincaid grade of a reader of twelve, with the rounding of a syllable count by rule."""
WARD = re.compile(r"\b(PCI|CC0|CC1|CRS|PRGS|ECOG|CEA|CT|MRI|BRAF V600E|mg/m2|ULN|OS|PFS|HR)\b|hazard ratio|median|%")


def spoken_to_patients() -> Iterator[tuple[str, str]]:
    files = read_files()
    for name, struct in files.each():
        if name.startswith(("treatments/", "recurrence")):
            for part in parts(struct):
                text = getattr(part.node, "patient", "")
                if text:
                    yield f"{name}: {'.'.join(map(str, part.path))}", text
            for question in getattr(struct, "questions", ()):
                yield f"{name}: questions", question


def syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith(("e", "es", "ed")) and not word.lower().endswith(("le", "ted", "ded"))
    return max(1, len(groups) - silent)


def grade(text: str) -> float:
    """Flesch-Kincaid grade: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid 1975)."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.?!]+(?:\s|$)", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_measure_knows_easy_from_hard() -> None:
    assert grade("The cat sat on the mat. It was fat.") < 2
    assert grade("Cytoreductive procedures necessitate perioperative multidisciplinary optimisation of comorbidities.") > 20


def test_patient_wording_of_each_file_suits_a_reader_of_twelve() -> None:
    by_file: dict[str, list[str]] = {}
    for place, text in spoken_to_patients():
        by_file.setdefault(place.partition(":")[0], []).append(text)
    assert len(by_file) == 12
    assert {name: round(grade(" ".join(texts)), 1) for name, texts in by_file.items() if grade(" ".join(texts)) > GRADE_AT_TWELVE} == {}


def test_each_patient_sentence_is_short_and_plain() -> None:
    hard = [
        f"{place}: {text}"
        for place, text in spoken_to_patients()
        if WARD.search(text) or max(len(re.findall(r"[A-Za-z0-9']+", sentence)) for sentence in re.split(r"[.?!](?:\s|$)", text)) > 26
    ]
    assert hard == []
