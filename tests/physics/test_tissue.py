"""Drug in tissue: V16 (Thiele), V17 (Baxter and Jain), V18 (diffusion, flow and loss), V19 (bath and tissue), capillaries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.numerics import Columns, Profile, graded_edges
from peritia.physics import bath_and_tissue, capillary, interstitial_pressure, steady_depth, thiele
from peritia.physics.capillary import Vessels

D, LOSS = 2.5e-10, 1.2e-3
TUMOUR = Vessels(2.1e-11, 20000.0, 2080.0, 2666.0, 2000.0, 0.82)
NORMAL = Vessels(2.7e-12, 7000.0, 2080.0, 2666.0, 1333.0, 0.91, lymph=1e-7)


def _steady(profile: Profile, **kwargs: float) -> Columns:
    columns = Columns(profile, 1, **kwargs)  # pyright: ignore[reportArgumentType]
    for _ in range(40):
        columns.step(1e6, 1.0)
    return columns


@pytest.mark.parametrize("length", [0.2e-3, 1.0e-3, 3.0e-3])
def test_slab_effectiveness_is_tanh_phi_over_phi(length: float) -> None:
    """V16, within 0.5 %."""
    columns = _steady(Profile(graded_edges(length / 300, length, 80), D, sink=LOSS))
    assert columns.amount()[0] / length == pytest.approx(float(thiele.slab(thiele.modulus(length, LOSS, D))), rel=0.005)


@pytest.mark.parametrize("radius", [0.2e-3, 1.0e-3, 3.0e-3])
def test_sphere_effectiveness_is_thieles(radius: float) -> None:
    """V16, within 0.5 %."""
    columns = _steady(Profile(graded_edges(radius / 300, radius, 90), D, sink=LOSS, shape=2, radius=radius))
    assert 3 * columns.amount()[0] / radius == pytest.approx(float(thiele.sphere(thiele.modulus(radius, LOSS, D))), rel=0.005)


@given(st.floats(1e-6, 50))
def test_effectiveness_falls_from_one_and_a_sphere_is_served_better(phi: float) -> None:
    slab, sphere = float(thiele.slab(phi)), float(thiele.sphere(phi))
    assert 0 < slab <= 1 + 1e-12
    assert slab <= sphere + 1e-9 <= 1 + 1e-6


def test_pressure_in_a_nodule_is_baxter_and_jains() -> None:
    """V17: closed form against the columns (pressure diffuses, capillaries exchange), within 1 %; plateau 11.5 mmHg; seepage 0.13 um/s."""
    assert TUMOUR.effective_pressure == pytest.approx(1533, abs=2)
    conductivity, radius = 3.1e-14, 1e-3
    a = float(interstitial_pressure.modulus(radius, TUMOUR.conductance, conductivity))
    assert a == pytest.approx(3.7, rel=0.01)
    profile = Profile(np.linspace(0, radius, 121), conductivity, exchange=TUMOUR.conductance, shape=2, radius=radius)
    columns = Columns(profile, 1)
    columns.set_reference(TUMOUR.effective_pressure)
    for _ in range(40):
        columns.step(1e12, 0.0)
    expected = interstitial_pressure.sphere_pressure(1 - profile.centres / radius, a, TUMOUR.effective_pressure)
    assert np.abs(columns.values()[0] - expected).max() < 0.01 * TUMOUR.effective_pressure
    seepage = float(interstitial_pressure.rim_velocity(radius, a, conductivity, TUMOUR.effective_pressure))
    assert seepage == pytest.approx(0.13e-6, rel=0.05)
    a_flux, g = columns.prepare(1e12)
    assert -a_flux[0] == pytest.approx(seepage, rel=0.01)
    assert g[0] > 0


def test_twelve_millimetres_of_mercury_balance_a_nodule() -> None:
    length = np.sqrt(3.1e-14 / TUMOUR.conductance)
    outward = interstitial_pressure.surface_velocity(length, 3.1e-14, TUMOUR.effective_pressure, 0.0)
    pressed = interstitial_pressure.surface_velocity(length, 3.1e-14, TUMOUR.effective_pressure, 12 * 133.322)
    assert outward < 0 < pressed < 0.1 * -outward
    deep = interstitial_pressure.surface_pressure(0.01, length, TUMOUR.effective_pressure, 0.0)
    assert deep == pytest.approx(TUMOUR.effective_pressure, rel=1e-6)


@pytest.mark.parametrize("velocity", [-3e-7, -1e-7, 0.0, 1e-7, 3e-7])
def test_steady_profile_with_flow_is_exponential(velocity: float) -> None:
    """V18: both signs of flow, within 1 %."""
    profile = Profile(graded_edges(5e-6, 6e-3, 200), D, sink=LOSS, flow=velocity)
    columns = _steady(profile, deep=0.0)
    expected = np.exp(-steady_depth.decay(D, LOSS, velocity) * profile.centres)
    assert np.abs(columns.values()[0] - expected).max() < 0.01
    a, g = columns.prepare(1e6)
    assert a[0] + g[0] == pytest.approx(float(steady_depth.surface_clearance(D, LOSS, velocity)), rel=0.01)


def test_pressure_changes_the_depth_of_a_small_drug_by_some_twenty_percent() -> None:
    depths = [float(steady_depth.depth_of_share(0.5, D, LOSS, u)) for u in (-1.3e-7, 0.0, 1.3e-7)]
    assert depths[0] < depths[1] < depths[2]
    assert depths[2] / depths[1] == pytest.approx(1.12, abs=0.03)


def test_bath_over_tissue_decays_as_the_closed_form() -> None:
    """V19: the implicit bath and columns against the transform, and the late rate against A sqrt(D k) / V, within 2 %."""
    area, volume = 1.4, 3e-3
    columns = Columns(Profile(graded_edges(10e-6, 6e-3, 100), D, sink=LOSS), 1)
    level, dt, times, levels = 1.0, 10.0, [], []
    for n in range(1, 721):
        a, g = columns.prepare(dt)
        level = (level - dt * area / volume * a[0]) / (1 + dt * area / volume * g[0])
        columns.finish(level)
        times.append(n * dt)
        levels.append(level)
    expected = bath_and_tissue.share_left(np.array(times), area, volume, D, LOSS)
    assert np.abs(np.array(levels) / expected - 1)[5:].max() < 0.02
    assert expected[359] == pytest.approx(0.39, abs=0.01)  # 60 minutes of cisplatin, the design's figure
    late = float(np.log(levels[-181] / levels[-1]) / (180 * dt))
    assert late == pytest.approx(bath_and_tissue.late_rate(area, volume, D, LOSS), rel=0.02)
    assert bath_and_tissue.late_rate(0.05, volume, D, LOSS) == pytest.approx(
        float(bath_and_tissue.clearance(0.05, D, LOSS)) / volume, rel=0.02
    )
    assert columns.error < 1e-12


def test_absorption_clearance_of_cisplatin_is_nearly_three_litres_an_hour() -> None:
    assert bath_and_tissue.clearance(1.4, D, LOSS) * 3.6e6 == pytest.approx(2.8, rel=0.02)


def test_filtration_stops_at_the_effective_pressure() -> None:
    assert capillary.filtration(TUMOUR, TUMOUR.effective_pressure) == 0.0
    assert capillary.balance_pressure(TUMOUR) == pytest.approx(TUMOUR.effective_pressure)
    p = capillary.balance_pressure(NORMAL)
    assert capillary.filtration(NORMAL, p) == pytest.approx(float(capillary.drainage(NORMAL, p)))
    assert p < NORMAL.effective_pressure


@given(st.floats(0, 2), st.floats(0, 2), st.floats(-1e-3, 1e-3), st.floats(0, 0.95))
def test_patlaks_exchange_is_continuous_and_diffusive_without_flow(plasma: float, tissue: float, flow: float, reflection: float) -> None:
    diffusive = float(capillary.drug_exchange(plasma, tissue, 0.0, 1e-3, reflection))
    assert diffusive == pytest.approx(1e-3 * (plasma - tissue))
    here = float(capillary.drug_exchange(plasma, tissue, flow, 1e-3, reflection))
    near = float(capillary.drug_exchange(plasma, tissue, flow + 1e-9, 1e-3, reflection))
    assert here == pytest.approx(near, abs=1e-8)
    level = float(capillary.drug_exchange(plasma, plasma, flow, 1e-3, reflection))
    assert level == pytest.approx(flow * (1 - reflection) * plasma, abs=1e-12)
