"""Liquid over tissue in a delivery: what is kept, what pressure and blood do, what dries, who has no plasma model."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from deliveries import cavity, plan_of

from peritia.delivery import PipacPlan, simulate
from peritia.delivery.plasma import Blood
from peritia.delivery.provenance import Parameters
from peritia.delivery.tissue_bed import Ground, beds, ground
from peritia.delivery.tissue_columns import Drive, Layout, Reservoirs, Uptake, soak, steps_for
from peritia.knowledge.drug import Drug
from peritia.knowledge.shipped import shipped
from peritia.physics import bath_and_tissue, steady_depth
from peritia.physics.capillary import Vessels

D, LOSS, AREA = 2.5e-10, 1.2e-3, 1.4
STILL = Ground(Vessels(0.0, 1.0, 0.0, 0.0, 0.0, 0.0), 6.4e-15)


def _once(minutes: float = 0.0) -> Callable[[float, float], Drive]:
    def drive(begin: float, end: float) -> Drive:
        return Drive(np.zeros(1), np.array([100.0 / (end - begin) if begin <= minutes * 60 < end else 0.0]))

    return drive


def _bath(
    steps: np.ndarray, *, own: Ground | None = None, pressure: float = 0.0, blood: Blood | None = None, session: float | None = None,
    drained: tuple[int, ...] = (),
) -> Uptake:  # fmt: skip
    layout = Layout(np.array([AREA]), np.array([0]), np.ones(1), np.zeros(1))
    pressed, rested = beds(D, LOSS, 0.0, pressure, own or STILL, Parameters(), depth_m=6e-3)
    start = Reservoirs(np.array([3e-3]), np.array([np.inf]))
    whole = float(np.sum(steps)) if session is None else session
    return soak(layout, pressed, rested, start, _once(), steps, session_s=whole, drained=drained, blood=blood)


@pytest.mark.parametrize(("minutes", "left_percent"), [(60, 36.6), (90, 27.8)])
def test_cisplatin_left_in_a_bath_follows_the_clinic_and_the_closed_form(minutes: int, left_percent: float) -> None:
    made = _bath(steps_for(((minutes * 60.0, 5.0),)))
    closed = float(bath_and_tissue.share_left(minutes * 60.0, AREA, 3e-3, D, LOSS))
    assert made.reservoir_mg[-1, 0] == pytest.approx(left_percent, abs=8)
    assert made.reservoir_mg[-1, 0] == pytest.approx(100 * closed, rel=0.02)
    assert made.error < 1e-10


def test_columns_converge_in_time() -> None:
    def left(step: float) -> float:
        steps = np.concatenate([[60.0], np.full(round(3540 / step), step)])
        return float(_bath(steps).reservoir_mg[-1, 0])

    coarse, middle, fine = left(60.0), left(30.0), left(15.0)
    assert np.log2((coarse - middle) / (middle - fine)) == pytest.approx(1.0, abs=0.15)


def test_pressure_carries_drug_deeper_and_water_out_of_the_bath() -> None:
    own, steps = ground("normal-tissue", Parameters()), steps_for(((3600.0, 10.0),))
    plain, pressed = _bath(steps, own=own, pressure=0.0), _bath(steps, own=own, pressure=12.0)
    assert pressed.taken_up_mg_per_m2[0] > plain.taken_up_mg_per_m2[0]
    assert pressed.reservoir_m3[-1, 0] == pytest.approx(3e-3 - pressed.seeped_m3)
    assert 0.05e-3 < pressed.seeped_m3 < 0.3e-3  # tens of millilitres an hour, as in men and cats
    assert abs(plain.seeped_m3) < 0.05e-3
    for made in (plain, pressed):
        assert made.error < 1e-10


def test_the_pressed_column_is_the_closed_profile_with_flow() -> None:
    """Where nothing takes the water up at depth the flow would be even; here the bed's own flow at the surface bounds it from above."""
    own = ground("normal-tissue", Parameters())
    pressed, _ = beds(D, LOSS, 0.0, 12.0, own, Parameters(), depth_m=6e-3)
    assert 2e-8 < pressed.seepage < 6e-8
    assert np.all(np.diff(pressed.flow) <= 0)
    without, even = (float(steady_depth.depth_of_share(0.5, D, LOSS, u)) for u in (0.0, pressed.seepage))
    assert without < even < 1.1 * without  # a few percent for a small drug


def test_half_standing_blood_takes_less_drug_under_pressure() -> None:
    low, _ = beds(D, LOSS, 0.0, 8.0, STILL, Parameters(), depth_m=6e-3)
    high, rested = beds(D, LOSS, 0.0, 15.0, STILL, Parameters(), depth_m=6e-3)
    assert low.to_blood == pytest.approx(LOSS)
    assert high.to_blood == pytest.approx(0.61 * LOSS)
    assert rested.to_blood == pytest.approx(LOSS)


def test_a_film_goes_into_the_tissue_with_its_drug() -> None:
    layout = Layout(np.array([1e-2, 1e-2]), np.array([0, 1]), np.ones(2), np.zeros(2))
    own = ground("normal-tissue", Parameters())
    pressed, rested = beds(D, LOSS, 0.0, 12.0, own, Parameters(), depth_m=6e-3)
    holding = Reservoirs(np.zeros(2), np.array([1e-2 * 20e-6, np.inf]))

    def drive(begin: float, end: float) -> Drive:
        on = 1.0 if end <= 60.0 + 1e-9 else 0.0
        return Drive(on * np.array([5e-7, 0.0]) / 60, on * np.array([5.0, 0.0]) / 60)

    steps = steps_for(((60.0, 2.0), (3540.0, 10.0)))
    made = soak(layout, pressed, rested, holding, drive, steps, session_s=3600.0, drained=())
    assert made.reservoir_m3[29, 0] == pytest.approx(2e-7, rel=1e-6)  # the film at its thickness, the rest in the pool
    assert made.reservoir_m3[-1, 0] == 0.0
    assert made.reservoir_mg[-1, 0] == 0.0
    assert made.reservoir_m3[-1].sum() + made.seeped_m3 == pytest.approx(5e-7, rel=1e-9)
    assert made.error < 1e-10


def test_blood_gives_back_after_the_bath_is_drained() -> None:
    drug = shipped("drugs", "oxaliplatin", Drug)
    steps = steps_for(((1800.0, 10.0), (7200.0, 60.0)))
    alone = _bath(steps, session=1800.0, drained=(0,))
    blood = Blood(drug, Parameters())
    joined = _bath(steps, session=1800.0, drained=(0,), blood=blood)
    assert joined.exposure_mg_s_per_m3[0, -1] > 10 * alone.exposure_mg_s_per_m3[0, -1]
    assert joined.in_blood_mg < alone.in_blood_mg
    assert joined.error < 1e-10
    total, free = blood.curves(1.0)[::-1]
    assert {total.species, free.species} == {"total-platinum", "ultrafiltrable-platinum"}


@pytest.mark.parametrize("name", ["cisplatin", "oxaliplatin", "doxorubicin", "mitomycin", "paclitaxel", "nab-paclitaxel"])
def test_every_drug_of_the_cavity_has_a_plasma_model_that_keeps_amounts(name: str) -> None:
    blood = Blood(shipped("drugs", name, Drug), Parameters())
    assert blood.known
    assert not blood.refusal
    for _ in range(60):
        blood.step(60.0, 1e-3)
    for curve in blood.curves(10.0):
        assert np.all(np.diff(curve.mg_per_l) > 0)
        assert curve.ratio is not None


def test_a_drug_without_a_model_is_named_not_guessed() -> None:
    blood = Blood(shipped("drugs", "docetaxel", Drug), Parameters())
    assert "Docetaxel: no plasma model with a source" in blood.refusal
    blood.step(60.0, 1.0)
    assert blood.curves(1.0) == ()
    assert blood.free_mg_per_m3 == 0.0


def test_nab_paclitaxel_saturates() -> None:
    def peak(rate: float) -> float:
        blood = Blood(shipped("drugs", "nab-paclitaxel", Drug), Parameters())
        for _ in range(120):
            blood.step(60.0, rate)
        return blood.curves(1.0)[0].peak

    assert peak(1.0) > 12 * peak(0.1)


def test_what_is_drained_is_told() -> None:
    plan = plan_of("pipac-oxaliplatin-120")
    assert isinstance(plan, PipacPlan)
    made = simulate(msgspec.structs.replace(plan, drain=True), cavity("gas"))
    liquid = next(one for one in made.balances if one.name == "liquid")
    assert liquid.parts["drained"] > 50
    assert all(balance.error < 1e-9 for balance in made.balances)
