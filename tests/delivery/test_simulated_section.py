"""The dossier's simulated section: what is chosen, what is said where nothing can be simulated, and that no verdict rests on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from typer.testing import CliRunner

from peritia import cli_delivery, knowledge
from peritia.case import FACTS, Case, facts, read_case
from peritia.case.identity import Patient
from peritia.cli import app
from peritia.delivery import anatomy_for, predicted, prediction_text
from peritia.knowledge import library
from peritia.options import Assessment, assess
from peritia.patients import read
from peritia.report.simulated_section import simulated_section
from peritia.report.simulation import Simulation, choices, simulation

ON = date(2026, 11, 21)
TECHNIQUES = ("pipac", "hipec")


def assessed(case: Case) -> tuple[Mapping[str, Any], Assessment]:
    found = facts(case, ON)
    return found, assess(found, ON)


@cache
def elena() -> Simulation:
    """Gastric cancer: PIPAC and HIPEC both depend."""
    found, assessment = assessed(read("elena"))
    return simulation(found, assessment, library().regimens, anatomy=lambda plan: anatomy_for(plan, spacing_m=0.008))


@pytest.mark.parametrize("technique", TECHNIQUES)
@pytest.mark.parametrize("patient", ["elena", "maria", "sofia", "viktor", "anton"])
def test_only_what_is_open_or_undecided_is_chosen_and_the_best_comes_first(patient: str, technique: Any) -> None:
    _, assessment = assessed(read(patient))
    rank = {"open": 0, "open-with-flags": 1, "depends": 2}
    chosen = choices(assessment, library().regimens, technique)
    order = [(rank[one.option.verdict], rank[one.arm.verdict]) for one in chosen]
    assert order == sorted(order)
    assert all(one.regimen.route == technique for one in chosen)


def test_both_sessions_stand_side_by_side_with_figures_that_need_no_net() -> None:
    section = simulated_section(elena(), "en")
    assert section.beside is not None
    assert section.beside.head == ("", "PIPAC", "HIPEC")
    assert section.regions is not None
    assert len(section.regions.rows) == 13
    assert [figure.wide for figure in section.figures] == [True, False, False]
    for figure in section.figures:
        assert not re.search(r'href="(?!data:)', figure.drawing.svg)
    assert section.limits
    assert simulated_section(elena(), "de").heading != section.heading


def test_a_patient_without_height_is_told_so_and_nothing_is_assumed() -> None:
    case = msgspec.structs.replace(read("elena"), patient=Patient(sex="female"))
    found, assessment = assessed(case)
    made = simulation(found, assessment, library().regimens, anatomy=anatomy_for)
    section = simulated_section(made, "en")
    assert not made.made
    assert section.left_out == (
        "Not simulated: the case does not tell height in cm and weight in kg. Enter height in cm and weight in kg and ask again; "
        "nothing is assumed in its place.",
    )


def test_a_closed_technique_is_left_out_with_its_reason() -> None:
    found, assessment = assessed(read("viktor"))
    made = simulation(found, assessment, library().regimens, anatomy=anatomy_for)
    told = simulated_section(made, "en").left_out
    assert [words.split()[0] for words in told] == ["PIPAC", "HIPEC"]
    assert all("is closed for this patient" in words for words in told)


def test_predictions_are_inferred_name_their_model_and_change_no_verdict() -> None:
    case, (before, assessment) = read("elena"), assessed(read("elena"))
    joined, _, files = cli_delivery.with_predictions(case, elena(), assessment, "en")
    after, again = assessed(joined)
    assert before["predicted_pipac_coverage"].state == "unknown"
    one = after["predicted_pipac_coverage"]
    assert one.state == "inferred"
    assert one.reason.startswith("predicted by peritia-delivery/1 fast, pipac-")
    assert one.on == ON
    assert 40 < (after["predicted_hipec_bath_mean_c"].value or 0) < 44
    assert [option.verdict for option in again.options] == [option.verdict for option in assessment.options]
    assert {"simulated-pipac.npz", "simulated-hipec.npz", "predictions.yaml"} == set(files)


def test_a_prediction_is_read_back_from_a_case_file() -> None:
    entry = predicted(elena().made[0].delivery, ON)
    plain = {"primary": {"site": "stomach"}, **yaml.safe_load(prediction_text((entry,)))}
    assert read_case(yaml.safe_dump(plain)).predicted == (entry,)


def test_no_criterion_of_the_library_rests_on_a_prediction() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (Path(knowledge.__file__).parent).rglob("*.yaml")}
    assert len(texts) > 100
    assert not [name for name, text in texts.items() if any(fact in text for fact in FACTS if fact.startswith("predicted_"))]


def test_the_board_puts_it_into_its_one_file(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_delivery, "simulated_for_board", lambda *_: elena())
    done = CliRunner().invoke(app, ["board", "elena", "--on", "2026-11-21", "--simulate", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    page = (tmp_path / "dossier.html").read_text(encoding="utf-8")
    assert 'id="simulated"' in page
    assert "img-src data:" in page
    assert "predicted by peritia-delivery/1 fast" in page
    assert (tmp_path / "simulated-pipac.npz").exists()
