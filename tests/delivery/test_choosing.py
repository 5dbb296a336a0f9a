"""Many runs at once: the same on one process, on two, on Dask; choice within limits, confirmed at field fidelity; bands and influences."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deliveries import plan_of
from typer.testing import CliRunner

from peritia.cli_delivery import app
from peritia.delivery import Anatomy, Candidate, anatomy_for, confirm, optimise, plan_text, read_plan, screening, simulate, uncertainty
from peritia.delivery.ensemble import EngineMissing, run_all
from peritia.delivery.errors import PlanRefused
from peritia.delivery.uncertainty import design, headline, indices

PIPAC = "pipac-oxaliplatin-120"
NOZZLES = ["epigastrium, aimed at bowel", "epigastrium, 30 cm above bowel", "umbilicus"]


@cache
def coarse() -> Anatomy:
    return anatomy_for(plan_of(PIPAC), spacing_m=0.01)


@cache
def tried() -> tuple[Candidate, ...]:
    return optimise(plan_of(PIPAC), coarse(), over={"nozzle": NOZZLES}, aim="homogeneity")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three parameters vary, so that a run of the whole method takes few runs of the model."""
    module = import_module("peritia.delivery.uncertainty")
    every = module.ranged
    monkeypatch.setattr(module, "ranged", lambda made: every(made)[:3])


def told(candidates: tuple[Candidate, ...]) -> list[tuple[Any, ...]]:
    return [(dict(one.changes), one.figure, one.refused) for one in candidates]


def squared(number: int) -> int:
    return number * number


def test_the_best_nozzle_comes_first_and_a_blocked_one_last() -> None:
    kept = [one.figure for one in tried() if one.figure is not None]
    assert kept == sorted(kept, reverse=True)
    assert tried()[-1].refused


def test_two_processes_and_dask_choose_the_same_to_the_last_bit() -> None:
    dask = pytest.importorskip("dask", reason="Dask is an optional part")
    over = {"nozzle": NOZZLES}
    assert told(optimise(plan_of(PIPAC), coarse(), over=over, aim="homogeneity", processes=2)) == told(tried())
    with dask.config.set(scheduler="threads", num_workers=2):
        assert told(optimise(plan_of(PIPAC), coarse(), over=over, aim="homogeneity", engine="dask")) == told(tried())


def test_results_come_in_the_order_of_their_tasks_and_progress_ends_at_one() -> None:
    shares: list[float] = []
    assert run_all(squared, range(5), progress=shares.append) == [0, 1, 4, 9, 16]
    assert shares[-1] == 1.0


def test_without_dask_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(EngineMissing, match=r"peritia\[dask\]"):
        run_all(squared, range(2), engine="dask")


def test_the_chosen_plan_runs_again_at_field_fidelity_and_limits_hold_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def quick(plan: Any, anatomy: Any, *, fidelity: str, progress: Any = None) -> Any:
        assert fidelity == "field"
        return simulate(plan, anatomy)

    monkeypatch.setattr(import_module("peritia.delivery.optimise"), "simulate", quick)
    chosen = confirm(tried(), coarse(), aim="homogeneity")
    assert chosen.candidate.changes == tried()[0].changes
    assert chosen.candidate.field_figure == tried()[0].figure
    wide = simulate(tried()[0].plan, coarse()).numbers["distance_to_wall_cm"]
    with pytest.raises(PlanRefused, match="field fidelity"):
        confirm(tried(), coarse(), limits={"distance_to_wall_cm": 0.0})
    if simulate(tried()[1].plan, coarse()).numbers["distance_to_wall_cm"] < wide:
        assert confirm(tried(), coarse(), limits={"distance_to_wall_cm": wide - 1e-6}).broken[0].refused


def test_an_unknown_field_or_limit_is_refused_by_name() -> None:
    with pytest.raises(PlanRefused, match="speed"):
        optimise(plan_of(PIPAC), coarse(), over={"speed": [1]})
    with pytest.raises(PlanRefused, match="noise"):
        optimise(plan_of(PIPAC), coarse(), over={"nozzle": NOZZLES[:1]}, limits={"noise": 1})
    with pytest.raises(PlanRefused, match="flow_ml_per_min"):
        optimise(plan_of(PIPAC), coarse(), over={"flow_ml_per_min": ["fast"]})


@pytest.mark.usefixtures("few")
def test_uncertainty_holds_the_plan_and_names_what_matters_most() -> None:
    one = uncertainty(plan_of(PIPAC), coarse(), 2)
    assert {band.name for band in one.bands} == set(headline(simulate(plan_of(PIPAC), coarse())))
    assert all(band.low <= band.middle <= band.high for band in one.bands)
    assert all(influence.total >= 0 for influence in one.influences)
    for band in one.bands:
        assert one.decisive(band.name).total == max(part.total for part in one.influences if part.figure == band.name)
    with pytest.raises(PlanRefused, match="power of two"):
        uncertainty(plan_of(PIPAC), coarse(), 3)


def ishigami(x: np.ndarray) -> np.ndarray:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 over (-pi, pi): indices 0.314, 0.442, 0 and 0.558, 0.442, 0.244 in closed form."""
    y = np.pi * (2 * x - 1)
    return np.sin(y[:, 0]) + 7 * np.sin(y[:, 1]) ** 2 + 0.1 * y[:, 2] ** 4 * np.sin(y[:, 0])


def test_indices_meet_the_closed_form() -> None:
    values = ishigami(design(2048, 3, seed=1))
    found = np.array([indices(values, 2048, i) for i in range(3)])
    np.testing.assert_allclose(found[:, 0], [0.3139, 0.4424, 0.0], atol=0.02)
    np.testing.assert_allclose(found[:, 1], [0.5576, 0.4424, 0.2437], atol=0.02)
    assert (found[:, 2:] > 0).all()


def test_indices_are_salibs_on_the_same_runs() -> None:
    analysis = pytest.importorskip("SALib.analyze.sobol", reason="SALib stands beside in the tests")
    n, k = 64, 3
    values = ishigami(design(n, k, seed=3))
    # SALib wants the rows of one point together: A, A with each column of B, B.
    together = np.stack([values[:n], *(values[(2 + i) * n : (3 + i) * n] for i in range(k)), values[n : 2 * n]], axis=1).ravel()
    problem = {"num_vars": k, "names": ["a", "b", "c"], "bounds": [[0, 1]] * k}
    reference = analysis.analyze(problem, together, calc_second_order=False, seed=1)
    found = np.array([indices(values, n, i) for i in range(k)])
    np.testing.assert_allclose(found[:, 0], reference["S1"], rtol=1e-9)
    np.testing.assert_allclose(found[:, 1], reference["ST"], rtol=1e-9)


@pytest.mark.usefixtures("few")
def test_screening_ranks_by_elementary_effects(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("SALib", reason="SALib is an optional part")
    found = screening(plan_of(PIPAC), coarse(), 2)
    figure = "oxaliplatin: mean uptake, mg/m2"
    sizes = [one.mean_size for one in found if one.figure == figure]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 0
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    with pytest.raises(PlanRefused, match=r"peritia\[sensitivity\]"):
        screening(plan_of(PIPAC), coarse(), 2)


@pytest.mark.usefixtures("few")
def test_the_verbs_write_plan_bands_and_influences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def quick(plan: Any, anatomy: Any, **_: Any) -> Any:
        return simulate(plan, anatomy)

    monkeypatch.setattr(import_module("peritia.delivery.optimise"), "simulate", quick)
    plan = tmp_path / "plan.yaml"
    plan.write_text(plan_text(plan_of(PIPAC)), encoding="utf-8")
    vary = [part for nozzle in NOZZLES for part in ("--vary", f"nozzle={nozzle}")]
    done = CliRunner().invoke(app, ["optimise", str(plan), *vary, "--spacing", "10", "--out", str(tmp_path / "best")])
    assert done.exit_code == 0, done.output
    assert "chosen" in done.output
    assert read_plan(tmp_path / "best" / "plan.yaml").kind == "pipac"
    done = CliRunner().invoke(app, ["uncertainty", str(plan), "--runs", "2", "--spacing", "10", "--out", str(tmp_path / "bands")])
    assert done.exit_code == 0, done.output
    assert "numbers varied over their stated ranges" in done.output
    assert {path.name for path in (tmp_path / "bands").iterdir()} == {"bands.csv", "influences.csv"}
