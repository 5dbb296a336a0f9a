"""PCI, ascites, cytology, PRGS: by our codes and by any alias."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fhir_build import PSM, amount, coded, condition, observation, read, why

from peritia.case.peritoneum import Ascites, PeritonealAssessment
from peritia.errors import InputRefused
from peritia.fhir import Aliases, load_aliases

LOCAL = "http://hospital.example/codes"


def score(code: str, value: Any, *, element: str = "valueInteger", system: str = PSM) -> dict[str, Any]:
    return {"code": coded(system, code), element: value}


def laparoscopy(*components: dict[str, Any], method: str = "method-laparoscopy", id: str = "o") -> dict[str, Any]:
    return observation("peritoneal-assessment", id=id, system=PSM, method=coded(PSM, method), component=list(components))


def test_a_scoring_with_regions_and_what_the_surgeon_expects() -> None:
    case = read(
        laparoscopy(
            score("pci-total", 7),
            score("pci-region-0", 3),
            score("pci-region-9", 0),
            score("complete-resection-expected", coded(PSM, "resection-cc0"), element="valueCodeableConcept"),
            score("diffuse-mesentery", coded(PSM, "presence-absent"), element="valueCodeableConcept"),
        )
    )
    expected = PeritonealAssessment(
        on=date(2026, 10, 1),
        method="laparoscopy",
        total=7,
        regions={0: 3, 9: 0},
        complete_resection_expected="cc0",
        diffuse_mesentery="absent",
        document="Observation/o",
    )
    assert case.peritoneum == (expected,)
    assert case.not_understood == ()


def test_without_a_method_a_scoring_is_listed() -> None:
    case = read(observation("peritoneal-assessment", system=PSM, component=[score("pci-total", 7)]))
    assert case.peritoneum == ()
    assert "by which method" in why(case)


def test_impossible_and_contradicting_scores_are_listed_not_used() -> None:
    case = read(
        laparoscopy(score("pci-region-1", 4), score("pci-total", 40), score("pci-region-2", 1), score("pci-region-2", 2), score("x", 1))
    )
    assert case.peritoneum[0].regions == {}
    assert case.peritoneum[0].total is None
    assert [word in why(case) for word in ("0 to 3", "not between 0 and 39", "two different scores", "not an item")] == [True] * 4


def test_items_of_their_own_join_by_method_and_day() -> None:
    method = coded(PSM, "method-laparotomy")
    parts = [observation(f"pci-region-{number}", id=f"r{number}", system=PSM, method=method, valueInteger=1) for number in range(13)]
    total = observation("pci-total", id="t", system=PSM, method=method, valueInteger=13)
    ct = observation("pci-total", id="ct", system=PSM, method=coded(PSM, "method-ct"), valueQuantity={"value": 5.0, "unit": "{score}"})
    assert [(one.method, one.total, len(one.regions)) for one in read(*parts, total, ct).peritoneum] == [
        ("laparotomy", 13, 13),
        ("ct", 5, 0),
    ]


def test_ascites_by_panel_and_by_diagnosis() -> None:
    panel = observation("ascites", id="a", system=PSM, component=[score("ascites-volume", amount(2.5, "L"), element="valueQuantity")])
    found = read(
        panel,
        condition("R18.0", id="b", onsetDateTime="2026-09-01"),
        condition("R18.8", id="c", verification="refuted", recordedDate="2026-09-02"),
    ).ascites
    assert found == (
        Ascites(on=date(2026, 10, 1), volume_ml=2500.0, document="Observation/a"),
        Ascites(on=date(2026, 9, 1), cause="malignant", document="Condition/b"),
        Ascites(on=date(2026, 9, 2), volume_ml=0.0, document="Condition/c"),
    )


def test_cytology_by_value() -> None:
    assert (
        read(observation("peritoneal-cytology", system=PSM, valueCodeableConcept=coded(PSM, "cytology-positive"))).cytology[0].result
        == "positive"
    )


def test_grades_of_one_session_and_a_mean_alone() -> None:
    session = observation("prgs", id="s", system=PSM, component=[score("prgs-biopsy", grade) for grade in (1, 2, 4)])
    assert read(session).regression[0].grades == (1, 2, 4)
    loose = [observation("prgs-biopsy", id=f"b{grade}", system=PSM, valueInteger=grade) for grade in (2, 3)]
    assert [one.grades for one in read(*loose).regression] == [(2, 3)]
    case = read(observation("prgs-mean", system=PSM, valueQuantity={"value": 2.0, "unit": "{score}"}))
    assert case.regression == ()
    assert "without the grade of each biopsy" in why(case)


# aliases


def test_a_centre_s_own_codes_are_read_by_alias() -> None:
    aliases = Aliases.of({f"{LOCAL}|PCI": "pci-total", f"{LOCAL}|LSC": "method-laparoscopy", f"{LOCAL}|OP-PIPAC": "pipac"})
    total = observation("PCI", system=LOCAL, method=coded(LOCAL, "LSC"), valueInteger=11)
    procedure = {
        "resourceType": "Procedure",
        "id": "p1",
        "status": "completed",
        "code": coded(LOCAL, "OP-PIPAC"),
        "subject": {"reference": "Patient/p"},
    }
    case = read(total, procedure, aliases=aliases)
    assert [(one.method, one.total) for one in case.peritoneum] == [("laparoscopy", 11)]
    assert len(case.pipac) == 1
    assert read(total).peritoneum == ()


def test_aliases_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "aliases.yaml"
    file.write_text(f'"{LOCAL}|PCI": pci-total\n')
    assert load_aliases(file) == Aliases.of({f"{LOCAL}|PCI": "pci-total"})


def test_aliases_that_cannot_be_used_are_refused_together() -> None:
    with pytest.raises(InputRefused) as refused:
        Aliases.of({"no-bar": "pci-total", f"{LOCAL}|X": "no-such-code"})
    assert len(refused.value.problems) == 2
