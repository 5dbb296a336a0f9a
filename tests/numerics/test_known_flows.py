"""Flows with known answers: square duct (V3), lid-driven cavity (V4), heated cavity (V5), round jet (V6).

Reference numbers are recalled from the literature: U. Ghia et al., J Comput Phys 1982;48:387; G. de Vahl Davis, Int J Numer Methods
Fluids 1983;3:249; Shah and London for the duct; Schlichting's jet for the closed form.
"""

from __future__ import annotations

import numpy as np
import pytest

from peritia.numerics import Boundary, Flow, Moving, Outlet, Scalar, Slip, boundary_faces, box, fixed_walls
from peritia.numerics.grid import Field


def test_square_duct_has_its_friction_and_its_peak() -> None:
    """V3: peak over mean 2.096, friction factor times Reynolds number 56.9 (Darcy), within 1 %."""
    n, force, nu = 32, 1.0, 1.0
    grid = box((2, n, n), (0.5, 1 / n, 1 / n))
    faces = boundary_faces(grid)
    ends = tuple(Outlet(faces.edge(grid, 0, sign)) for sign in (-1, 1))
    flow = Flow(Boundary(grid, ends), nu, force=(force, 0.0, 0.0))
    flow.run(0.25, courant=0.75, relative=1e-3)
    u = grid.inner(flow.fields[0])[1]
    assert u.max() / u.mean() == pytest.approx(2.096, rel=0.01)
    assert 2 * force / (nu * u.mean()) == pytest.approx(56.9, rel=0.01)


def _lid_cavity(n: int, reynolds: float, until: float) -> tuple[float, float, float]:
    """Lowest u on the vertical, lowest and highest w on the horizontal line through the middle."""
    grid = box((n, 1, n), 1 / n)
    faces = boundary_faces(grid)
    sides = tuple(Slip(faces.edge(grid, 1, sign)) for sign in (-1, 1))
    flow = Flow(Boundary(grid, (*sides, Moving(faces.edge(grid, 2, 1), (1.0, 0.0, 0.0)))), 1 / reynolds)
    flow.run(until, courant=0.8, longest_step=0.8 / n, relative=0.05)
    u, w = (grid.inner(flow.fields[axis])[:, 0, :] for axis in (0, 2))
    return float(u[n // 2].min()), float(w[:, n // 2].min()), float(w[:, n // 2].max())


def test_lid_cavity_at_reynolds_100() -> None:
    """V4."""
    u_min, w_min, w_max = _lid_cavity(32, 100.0, 12.0)
    assert u_min == pytest.approx(-0.2109, rel=0.02)
    assert w_min == pytest.approx(-0.2453, rel=0.02)
    assert w_max == pytest.approx(0.1753, rel=0.02)


def test_lid_cavity_at_reynolds_1000() -> None:
    """V4: on 88 x 88 cells, coarser than the 128 x 128 of the published tables."""
    u_min, w_min, w_max = _lid_cavity(88, 1000.0, 32.0)
    assert u_min == pytest.approx(-0.3829, rel=0.02)
    assert w_min == pytest.approx(-0.5155, rel=0.02)
    assert w_max == pytest.approx(0.3709, rel=0.02)


def _heated_cavity(n: int, rayleigh: float, until: float) -> tuple[float, float, float]:
    """Mean Nusselt number at the hot wall, peak horizontal and vertical speed on the middle lines, in units of diffusivity over width."""
    prandtl = 0.71
    grid = box((n, 1, n), 1 / n)
    faces = boundary_faces(grid)
    boundary = Boundary(grid, tuple(Slip(faces.edge(grid, 1, sign)) for sign in (-1, 1)))
    flow = Flow(boundary, prandtl, buoyancy=(0.0, 0.0, rayleigh * prandtl), reference_temperature=0.5)
    walls = fixed_walls(grid, faces.edge(grid, 0, -1), 1.0, 1.0) + fixed_walls(grid, faces.edge(grid, 0, 1), 1.0, 0.0)
    start = np.broadcast_to((1 - grid.centres(0))[:, None, None], grid.shape)
    warm = Scalar(boundary, start, 1.0, exchange=walls)
    slowest = 0.22 / n**2
    while flow.time < until:
        step = min(flow.stable_step(0.7), slowest)
        flow.step(step, warm.values, relative=0.05)
        warm.step((flow.fields[0], flow.fields[1], flow.fields[2]), step)
    nusselt = float(((1 - warm.inner()[0, 0]) * 2 * n).mean())
    u, w = (grid.inner(flow.fields[axis])[:, 0, :] for axis in (0, 2))
    return nusselt, float(u[n // 2].max()), float(w[:, n // 2].max())


@pytest.mark.parametrize(
    ("rayleigh", "nusselt", "u_max", "w_max", "grids", "until"),
    [
        (1e3, 1.118, 3.649, 3.697, (12, 24), 0.5),
        (1e4, 2.243, 16.178, 19.617, (16, 32), 0.25),
        (1e5, 4.519, 34.73, 68.59, (24, 48), 0.16),
        (1e6, 8.800, 64.63, 219.36, (32, 64), 0.1),
    ],
)
def test_heated_cavity_carries_de_vahl_davis_heat(
    rayleigh: float, nusselt: float, u_max: float, w_max: float, grids: tuple[int, int], until: float
) -> None:
    """V5: the two-grid extrapolated Nusselt number within 1 % (2 % at 1e6), speeds within 2 % (4 % on the coarse grid of 1e6)."""
    coarse, fine = (_heated_cavity(n, rayleigh, until) for n in grids)
    hard = 2.0 if rayleigh > 5e5 else 1.0
    assert (4 * fine[0] - coarse[0]) / 3 == pytest.approx(nusselt, rel=0.01 * hard)
    assert fine[0] == pytest.approx(nusselt, rel=0.02 * hard)
    assert fine[1] == pytest.approx(u_max, rel=0.02 * hard)
    assert fine[2] == pytest.approx(w_max, rel=0.02 * hard)


def test_round_jet_decays_and_spreads_as_its_momentum_says() -> None:
    """V6: a point force in an open box with the jet's eddy viscosity 0.018 sqrt(M), M the momentum flux over density.

    Schlichting's closed form then has u x / sqrt(M) = 6.63 and half-width 0.0948 x; the flux is held against the measured
    entrainment 0.32 x / d (F. Ricou, D. Spalding, J Fluid Mech 1961;11:21). Slopes are taken, as the force has a size and the origin of
    the jet is virtual. Within 10 %.
    """
    nu = 0.018
    grid = box((28, 28, 44), 1.0)
    faces = boundary_faces(grid)
    sides = [Outlet(faces.edge(grid, axis, sign)) for axis, sign in ((0, -1), (0, 1), (1, -1), (1, 1), (2, 1))]
    push: Field = grid.zeros()
    grid.inner(push)[13:15, 13:15, 2:4] = 1.0 / 8  # sums to 1 over 8 cells of 1 m3
    flow = Flow(Boundary(grid, tuple(sides)), nu, force=(0.0, 0.0, push))
    flow.run(650.0, courant=0.7, relative=0.03)
    w = flow.velocity().at_centres()[..., 2]
    r = np.hypot(*np.meshgrid(grid.centres(0) - 14, grid.centres(1) - 14, indexing="ij"))
    rows = []
    for k in range(14, 35, 4):
        core = w[:, :, k] > 0.2 * w[:, :, k].max()
        slope, start = np.polyfit(r[core] ** 2, w[:, :, k][core] ** -0.5, 1)  # u = u_c / (1 + r^2/a^2)^2
        half_width = float(np.sqrt(start / slope * (np.sqrt(2) - 1)))
        inside = r < 2.5 * half_width
        momentum = float((w[:, :, k] ** 2).sum())
        rows.append((grid.centres(2)[k], start**2, half_width, momentum, float(w[:, :, k][inside].sum())))
    x, resistance, width, momentum, flux = np.array(rows).T
    root = np.sqrt(momentum.mean())
    assert momentum == pytest.approx(np.full(len(x), 0.85), rel=0.1)  # the wall behind the force holds some of it back
    assert 1 / (np.polyfit(x, resistance, 1)[0] * root) == pytest.approx(6.63, rel=0.1)
    assert np.polyfit(x, width, 1)[0] == pytest.approx(0.0948, rel=0.1)
    assert np.polyfit(x, flux, 1)[0] / root == pytest.approx(0.32 * np.sqrt(np.pi) / 2, rel=0.1)
