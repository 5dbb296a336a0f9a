"""A folder of knowledge files loads whole or is refused whole, and the refusal says which file, line and why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from peritia.errors import InputRefused
from peritia.knowledge.checks import check, notices
from peritia.knowledge.files import FOLDER, read_files
from peritia.knowledge.library import Library, load

CONVENTIONS = """\
version: "2026.11.21"
trial_statuses_open: [recruiting]
trial_statuses_closed: [completed]
trial_recheck_after_days: 92
source: trial-a
"""
RECURRENCE = """\
recognised: {when: recurrence_after_crs_hipec, because: It came back, source: trial-a}
mechanisms: []
decides: []
"""
SOURCE = """\
title: Trial A
kind: randomised-trial
status: seen
doi: "10.1000/trial-a"
pmid: "12345678"
address: doi.org/10.1000/trial-a
"""
RECALLED = """\
title: Practice
kind: practice
status: recalled
"""
TREATMENT = """\
name: Rinse
intent: palliative
evidence: {grade: C, sentence: One series., source: trial-a}
what_it_is: {clinician: A rinse., patient: A wash., source: trial-a}
requires:
  - when: ecog <= 2
    because: ECOG 0 to 2
    source: trial-a#Table 1
excludes:
  - when: pregnant
    because: Pregnancy
    source: trial-a
    recoverable: true
"""
FILES = {
    "conventions.yaml": CONVENTIONS,
    "recurrence.yaml": RECURRENCE,
    "sources/trial-a.yaml": SOURCE,
    "sources/practice.yaml": RECALLED,
    "treatments/rinse.yaml": TREATMENT,
}


def written(folder: Path, **changes: str) -> Path:
    for name, text in {**FILES, **{name.replace("__", "/") + ".yaml": text for name, text in changes.items()}}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path) -> list[str]:
    with pytest.raises(InputRefused) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def small(tmp_path: Path) -> Library:
    return load(written(tmp_path))


def test_a_sound_folder_loads_and_knows_its_ids(small: Library) -> None:
    assert list(small.treatments) == ["rinse"]
    assert small.treatments["rinse"].id == "rinse"
    assert small.sources["trial-a"].id == "trial-a"
    assert small.version == "2026.11.21"
    assert small.treatments["rinse"].requires[0].formula.text == "ecog <= 2"
    assert small.treatments["rinse"].requires[0].citations[0].place == "Table 1"


DEFECTS = {
    "criterion that does not parse": ("when: ecog <= 2", "when: ecog <=", 6, "requires[0].when", "cannot be read"),
    "unknown fact": ("when: ecog <= 2", "when: ekog <= 2", 6, "requires[0].when", "Did you mean ecog"),
    "incompatible units": ("when: ecog <= 2", "when: height_cm > weight_kg", 6, "requires[0].when", "kg"),
    "outside the fact's domain": ("when: ecog <= 2", "when: ecog <= 7", 6, "requires[0].when", "7"),
    "asking for unknown": ("when: ecog <= 2", "when: ecog IS NULL", 6, "requires[0].when", "NULL"),
    "claim without a source": ("    source: trial-a#Table 1\n", "", 6, "requires[0].source", "missing"),
    "empty source": ("source: trial-a#Table 1", "source: []", 8, "requires[0].source", "without a source"),
    "source that does not exist": ("source: trial-a#Table 1", "source: trail-a", 8, "requires[0].source", "did you mean trial-a"),
    "sentence missing": ("because: ECOG 0 to 2", 'because: " "', 7, "requires[0].because", "sentence"),
    "exclusion that does not say whether it recovers": ("    recoverable: true\n", "", 10, "excludes[0]", "recover"),
    "unknown field": ("name: Rinse", "nam: Rinse", 1, "nam", "unknown field"),
    "unknown value": ("intent: palliative", "intent: paliative", 2, "intent", "palliative"),
    "weaker status that does not exist": ("    recoverable: true", "    recoverable: true\n    status: guessed", 14, "status", "guessed"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_refused_with_file_line_and_reason(tmp_path: Path, defect: str) -> None:
    old, new, line, place, reason = DEFECTS[defect]
    assert old in TREATMENT
    problems = refused(written(tmp_path, treatments__rinse=TREATMENT.replace(old, new)))
    hit = [problem for problem in problems if place in problem]
    assert hit, problems
    assert hit[0].startswith(f"line {line}: treatments/rinse.yaml: ")
    assert reason in " ".join(hit)


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    broken = TREATMENT.replace("ecog <= 2", "ekog <= 2").replace("when: pregnant", "when: pregnent")
    problems = refused(written(tmp_path, treatments__rinse=broken, treatments__second=broken, sources__trial_b="title: B\n"))
    assert sum("rinse" in problem for problem in problems) == 2
    assert sum("second" in problem for problem in problems) == 2
    assert sum("sources/trial_b.yaml" in problem for problem in problems) == 2


def test_references_must_resolve(tmp_path: Path) -> None:
    arm = "arms:\n  - {id: a, name: A, regimen: rinse-5}\n"
    assert any("regimens" in problem and "rinse-5" in problem for problem in refused(written(tmp_path, treatments__rinse=TREATMENT + arm)))
    builds = "builds_on: rinsing\n"
    assert any("did you mean rinse" in problem for problem in refused(written(tmp_path / "b", treatments__rinse2=builds + TREATMENT)))


def test_deciding_facts_must_be_declared(tmp_path: Path) -> None:
    decides = "decides:\n  - {id: a, name: A, facts: [ecog, ecogg], patient: P, source: trial-a}\n"
    problems = refused(written(tmp_path, recurrence=RECURRENCE.replace("decides: []\n", decides)))
    assert problems == [problem for problem in problems if "recurrence.yaml: decides[0].facts" in problem and "ecogg" in problem]


def test_a_refusal_is_a_formula_over_wishes(tmp_path: Path) -> None:
    assert refused(written(tmp_path, treatments__rinse=TREATMENT + "refusal: refuses_rinse\n"))
    load(written(tmp_path, treatments__rinse=TREATMENT + "refusal: refuses_surgery OR refuses_hipec\n"))


def test_a_misspelt_folder_is_not_silently_empty(tmp_path: Path) -> None:
    problems = refused(written(tmp_path, treatment__rinse=TREATMENT))
    assert any(problem.startswith("treatment/rinse.yaml") and "treatments" in problem for problem in problems)


def test_a_treatment_takes_over_what_it_builds_on(tmp_path: Path) -> None:
    own = TREATMENT.replace("ecog <= 2", "age_years >= 18") + "builds_on: rinse\n"
    built = load(written(tmp_path, treatments__second=own)).treatments["second"]
    assert [criterion.when for criterion in built.requires] == ["ecog <= 2", "age_years >= 18"]
    assert len(built.excludes) == 2
    warns = TREATMENT.replace("excludes:", "cautions:").replace("    recoverable: true\n", "")
    stopped = load(written(tmp_path / "s", treatments__rinse=warns, treatments__second=own)).treatments["second"]
    assert (len(stopped.excludes), stopped.cautions) == (1, ())
    circle = {"treatments__rinse": TREATMENT + "builds_on: second\n", "treatments__second": own}
    assert any("circle" in problem for problem in refused(written(tmp_path / "c", **circle)))


def test_the_hash_follows_every_byte(tmp_path: Path) -> None:
    first = load(written(tmp_path / "a")).hash
    assert load(written(tmp_path / "b")).hash == first
    assert load(written(tmp_path / "c", treatments__rinse=TREATMENT + "# a remark\n")).hash != first
    assert load(written(tmp_path / "d", treatments__other=TREATMENT)).hash != first


def test_a_recalled_source_shows_wherever_it_is_used(tmp_path: Path) -> None:
    text = TREATMENT.replace("source: trial-a#Table 1", "source: [trial-a, practice]").replace(
        "    recoverable: true", "    recoverable: true\n    status: recalled"
    )
    library = load(written(tmp_path, treatments__rinse=text))
    treatment = library.treatments["rinse"]
    assert not library.is_verified(treatment.requires[0])
    assert not library.is_verified(treatment.excludes[0])
    assert library.is_verified(treatment.evidence)
    assert any("recalled" in str(notice) and "practice" in str(notice) for notice in notices(tmp_path))


def test_lint_refuses_two_records_of_one_work(tmp_path: Path) -> None:
    again = SOURCE.replace("Trial A", "The same trial").replace("10.1000/trial-a", "10.1000/TRIAL-A")
    problems = [str(problem) for problem in check(written(tmp_path, sources__trial_b=again))]
    assert len(problems) == 2
    assert all("also that of trial" in problem for problem in problems)


@pytest.mark.parametrize(
    ("field", "value"),
    [("doi", "https://doi.org/10.1000/x"), ("pmid", "PMID123"), ("nct", "NCT123"), ("pmc", "1234567"), ("address", "https://x.org")],
)
def test_lint_refuses_malformed_identifiers(tmp_path: Path, field: str, value: str) -> None:
    source = f'title: B\nkind: cohort\nstatus: seen\n{field}: "{value}"\n'
    problems = [str(problem) for problem in check(written(tmp_path, sources__trial_b=source))]
    assert len(problems) == 1
    assert f"line 4: sources/trial_b.yaml: {field}" in problems[0]


STUDY = """\
name: A
question: Does it help?
summary: It does.
design: cohort
source: trial-a
treatments: [rinse]
arms: [{id: rinse, name: Rinse}]
outcomes:
  - {name: Overall survival, kind: overall-survival, unit: mo, value: 12.0, arm: rinse, clock: from-surgery}
"""


def test_lint_refuses_one_figure_stated_two_ways(tmp_path: Path) -> None:
    same = written(tmp_path / "a", studies__a=STUDY, studies__b=STUDY)
    assert check(same) == ()
    other = written(tmp_path / "b", studies__a=STUDY, studies__b=STUDY.replace("12.0", "13.0"))
    assert ["stated otherwise in a" in str(problem) for problem in check(other)] == [True]
    another_place = STUDY.replace("12.0", "13.0").replace("source: trial-a", "source: trial-a#cohort 2")
    assert check(written(tmp_path / "c", studies__a=STUDY, studies__b=another_place)) == ()


def test_the_shipped_library_has_nothing_wrong() -> None:
    assert [str(problem) for problem in check()] == []


def test_no_knowledge_file_names_a_machine(tmp_path: Path) -> None:
    words = (str(FOLDER.parents[2]), str(Path.home()))
    assert [path.name for path in FOLDER.rglob("*.yaml") if any(word in path.read_text(encoding="utf-8") for word in words)] == []


def test_a_copy_of_the_shipped_folder_is_the_same_library(tmp_path: Path) -> None:
    copy = tmp_path / "knowledge"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert read_files(copy).hash == read_files().hash
