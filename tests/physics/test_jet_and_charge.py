"""Jet and impaction (V6, V10), electrostatics (V11)."""

from __future__ import annotations

import numpy as np
import pytest

from peritia.numerics import (
    Air,
    Boundary,
    BoundaryFaces,
    Flow,
    Inlet,
    MaskedGrid,
    Outlet,
    advance,
    boundary_faces,
    box,
    cloud,
)
from peritia.physics import charging, deutsch_anderson, electric_field, impaction, jet, turbulence


def test_the_jet_of_a_spray_turns_the_gas_over_in_seconds() -> None:
    """The design's numbers: 8 mN, 4.4 m/s and 1.9 L/s at 10 cm, half-width about 1 cm."""
    m = float(jet.momentum_flux(1000.0, 0.5e-6, 16.0))
    assert m == pytest.approx(8e-3)
    assert jet.centre_speed(m, 1.757, 0.1) == pytest.approx(4.4, rel=0.03)
    assert jet.entrained_flow(m, 1.757, 0.1) == pytest.approx(1.9e-3, rel=0.02)
    assert jet.half_width(0.1) == pytest.approx(0.0095, rel=0.01)
    assert jet.speed(m, 1.757, 0.1, jet.half_width(0.1)) == pytest.approx(0.5 * jet.centre_speed(m, 1.757, 0.1))


def test_a_jet_keeps_its_momentum() -> None:
    r = np.linspace(0, 2.0, 40001)
    for x in (0.05, 0.2):
        u = np.asarray(jet.speed(8e-3, 1.757, x, r))
        assert np.trapezoid(2 * np.pi * r * 1.757 * u**2, r) == pytest.approx(8e-3, rel=1e-3)


def test_impaction_takes_half_at_its_cut() -> None:
    tau = impaction.cut_relaxation(4.4, 0.01)
    assert impaction.collected_share(impaction.stokes_number(tau, 4.4, 0.01)) == pytest.approx(0.5)
    assert impaction.collected_share(1.0) > 0.99
    assert impaction.collected_share(0.05) < 0.01


def _nozzle(grid: MaskedGrid, faces: BoundaryFaces, radius: float, middle: float) -> BoundaryFaces:
    top = faces.edge(grid, 2, 1)
    centre = top.centres(grid)
    return top.where((centre[:, 0] - middle) ** 2 + (centre[:, 1] - middle) ** 2 < radius**2)


def test_an_impinging_jet_cuts_at_marples_stokes_number() -> None:
    """V10: round nozzle of width W at distance W from a plate, resolved flow and parcels; sqrt(Stk50) 0.49 within 15 %."""
    n, wide, speed = 40, 10, 1.0
    grid = box((n, n, wide), 1.0)
    faces = boundary_faces(grid)
    nozzle = _nozzle(grid, faces, wide / 2, n / 2)
    sides = [Outlet(faces.edge(grid, axis, sign)) for axis in (0, 1) for sign in (-1, 1)]
    boundary = Boundary(grid, (Inlet(nozzle, speed), *sides))
    flow = Flow(boundary, speed * wide / 1000)
    flow.run(60.0, courant=0.7, relative=0.03)
    flow.make_divergence_free(1e-6)
    air = Air(boundary, flow.velocity())
    centres = nozzle.centres(grid)
    offsets = (np.stack(np.meshgrid(*[np.arange(4)] * 2), axis=-1).reshape(-1, 2) + 0.5) / 4 - 0.5
    start = (centres[:, None, :] + np.pad(offsets, ((0, 0), (0, 1)))).reshape(-1, 3) - np.array([0, 0, 1e-3])
    stokes = np.linspace(0.12, 0.40, 8)
    caught = []
    for number in stokes:
        tau = number * (wide / 2) / speed
        end = advance(cloud(start, np.tile([0.0, 0.0, -speed], (len(start), 1)), tau), air, 200.0)
        caught.append(float(np.mean(end.deposited & (end.hit_side == 4))))
    cut = float(np.interp(0.5, np.maximum.accumulate(caught), stokes))
    assert np.sqrt(cut) == pytest.approx(0.49, rel=0.15)
    assert caught[-1] > 0.9
    assert caught[0] < 0.3


def test_the_field_between_concentric_spheres_is_the_closed_form() -> None:
    """V11: E = U a b / ((b - a) r^2), within 1 %; walls at their true distance."""
    n, inner, outer, voltage = 44, 0.3, 1.0, 5000.0
    h = 2.1 / n
    x = np.stack(np.meshgrid(*[(np.arange(n) + 0.5) * h - 1.05] * 3, indexing="ij"))
    r = np.sqrt((x**2).sum(axis=0))
    grid = MaskedGrid((r > inner) & (r < outer), (h, h, h), (-1.05, -1.05, -1.05))
    faces = boundary_faces(grid)
    at = np.linalg.norm(faces.centres(grid), axis=1)
    electrode, tissue = faces.where(at < 0.6), faces.where(at >= 0.6)

    def gap(rows: BoundaryFaces, radius: float) -> np.ndarray:
        """Distance along the axis from the cell's centre to the sphere, in spacings."""
        place = rows.centres(grid)
        own = np.arange(len(rows)), rows.axis
        place[own] -= 0.5 * h * rows.sign
        across = (place**2).sum(axis=1) - place[own] ** 2
        wall = rows.sign * np.sqrt(radius**2 - across) if radius == outer else np.sign(place[own]) * np.sqrt(radius**2 - across)
        return np.clip(np.abs(wall - place[own]) / h, 0.05, 1.0)

    found = electric_field.laplace_field(grid, electrode, voltage, tissue, (gap(electrode, inner), gap(tissue, outer)))
    exact = voltage * inner * outer / (outer - inner) / r**2
    middle = (r > 0.45) & (r < 0.85)
    assert np.abs(found.strength()[middle] / exact[middle] - 1).max() < 0.03
    assert np.mean(found.strength()[middle] / exact[middle]) == pytest.approx(1.0, abs=0.01)
    potential = voltage * inner * (outer / r - 1) / (outer - inner)
    assert np.abs(found.potential - potential)[middle].max() < 0.01 * voltage


@pytest.mark.parametrize(("micron", "drift"), [(1.0, 6.3e-3), (5.0, 28.8e-3), (25.0, 0.142), (50.0, 0.283)])
def test_field_charged_droplets_drift_as_tabulated(micron: float, drift: float) -> None:
    """At 1e5 V/m, water; the design's table within its rounding."""
    d = micron * 1e-6
    charge = charging.saturation_charge(d, 1e5, 78.0)
    slip = 1 + 2 * 4.5e-8 / d * 1.257
    assert charging.drift_speed(charge, 1e5, d, 1.53e-5, slip) == pytest.approx(drift, rel=0.03)


def test_charging_takes_its_half_time_and_small_droplets_charge_by_diffusion() -> None:
    half = charging.half_time(1e13, 1.5e-4)
    assert charging.field_charge(2.0, half, half) == pytest.approx(1.0)
    small, large = (charging.diffusion_charge(d, 1.0, 1e13, 240.0, 310.0) / charging.saturation_charge(d, 1e5, 78.0) for d in (1e-7, 1e-5))
    assert small > 1 > large


def test_deutsch_and_andersons_two_forms_agree() -> None:
    assert deutsch_anderson.share_escaping(0.1, 2.0, 0.4) == pytest.approx(deutsch_anderson.share_floating(0.1, 2.0, 5.0, 2.0))


def test_turbulence_in_a_wall_layer_has_its_known_energy() -> None:
    """nu_t = kappa u* y with l = kappa y: u*^2 = 0.3 k, and dissipation u*^3 / (kappa y)."""
    friction, kappa, y = 0.1, 0.4, np.array([0.01, 0.02])
    nu_t, length = kappa * friction * y, kappa * y
    assert friction**2 / turbulence.energy(nu_t, length) == pytest.approx([0.3, 0.3])
    assert turbulence.dissipation(nu_t, length) == pytest.approx(friction**3 / (kappa * y))
    assert turbulence.memory(nu_t, length, 2.1) == pytest.approx(2 / 2.1 / 0.3 * kappa * y / friction)


def test_turbulence_for_the_parcels_has_no_slope_at_walls() -> None:
    grid = box((6, 6, 6), 0.01)
    flow = Flow(Boundary(grid), 1e-5)
    found = turbulence.unresolved(flow, np.full(grid.shape, 1e-4), 1e-3, 3.0)
    assert np.ptp(found.spread) < 1e-12
    assert found.spread.max() == pytest.approx(float(turbulence.spread(1e-4, 1e-3)))
    assert np.all(found.memory > 0)
