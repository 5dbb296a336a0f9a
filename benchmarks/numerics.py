"""How fast are the kernels of a simulation? ``python -m benchmarks.numerics``; a peer in NumPy or SciPy is run beside each.

The peers are as plain as a user would write them with whole arrays; OpenFOAM is compared apart (see the validation folder).
"""

from __future__ import annotations

from datetime import date

import numpy as np
from scipy import ndimage, sparse
from scipy.sparse import linalg

from benchmarks.measure import Line, machine, median_seconds, table
from peritia.numerics import (
    Air,
    Boundary,
    Columns,
    Compartments,
    Flow,
    ImplicitTransport,
    Inlet,
    MaskedGrid,
    Outlet,
    Profile,
    Scalar,
    Velocity,
    advance,
    boundary_faces,
    box,
    cloud,
    elliptic,
    graded_edges,
    integrate_compartments,
    wall_exchange,
)
from peritia.numerics.elliptic import Dirichlet
from peritia.numerics.reference import columns as slow_columns
from peritia.numerics.reference import compartments as slow_compartments
from peritia.numerics.reference import flow as slow_flow

STEP = 5e-3


def tank() -> tuple[Boundary, Flow, Scalar]:
    """64 x 80 x 64 cells of 3.1 mm, jet of 1.5 L/min, buoyancy, heat to the walls, single precision."""
    grid = box((64, 80, 64), 3.125e-3)
    faces = boundary_faces(grid)
    low, high = faces.edge(grid, 0, -1), faces.edge(grid, 0, 1)
    inlet = low.where(np.all(np.abs(low.centres(grid)[:, 1:] - [0.1234, 0.0984]) < 0.0045, axis=1))
    outlet = high.where(np.all(np.abs(high.centres(grid)[:, 1:] - [0.0610, 0.0984]) < 0.0045, axis=1))
    boundary = Boundary(grid, (Inlet(inlet, 0.284), Outlet(outlet)))
    flow = Flow(boundary, 1e-5, dtype=np.float32, buoyancy=(0.0, 0.0, 9.81 * 4e-4), reference_temperature=37.0)
    exchange = wall_exchange(grid, faces, 300 / 4.1e6, 37.0)
    return boundary, flow, Scalar(boundary, 38.0, 1.5e-7, inflow=(43.0,), exchange=exchange, dtype=np.float32)


def sparse_matrix(grid: MaskedGrid, boundary: Boundary) -> sparse.csr_matrix:
    """The pressure matrix, assembled with whole arrays."""
    outlets = tuple(Dirichlet(opening.faces, 0.0, 1.0) for opening in boundary.openings if isinstance(opening, Outlet))
    operator = elliptic(grid, 1.0, outlets)
    cells, place = grid.flat_fluid, np.full(grid.padded_fluid.size, -1)
    place[cells] = np.arange(len(cells))
    rows, columns, values = [place[cells]], [place[cells]], [operator.diagonal().ravel()[cells]]
    for face, stride in zip(operator.face, grid.strides, strict=True):
        joined = cells[face.ravel()[cells] > 0]
        for a, b in ((joined, joined - stride), (joined - stride, joined)):
            rows.append(place[a])
            columns.append(place[b])
            values.append(-face.ravel()[joined])
    return sparse.csr_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))))


def flow_lines() -> list[Line]:
    boundary, flow, heat = tank()
    grid = boundary.grid
    for _ in range(40):
        flow.step(STEP, heat.values)
        heat.step((flow.fields[0], flow.fields[1], flow.fields[2]), STEP)

    def both() -> None:
        flow.step(STEP, heat.values)
        heat.step((flow.fields[0], flow.fields[1], flow.fields[2]), STEP)

    ours = median_seconds(both, 40, 5)
    matrix = sparse_matrix(grid, boundary)
    fields, nu, weight = [part.copy() for part in flow.fields], flow.viscosity, np.ones(grid.padded_shape, np.float32)
    load = np.random.default_rng(0).standard_normal(grid.cells)
    preconditioner = linalg.LinearOperator(matrix.shape, lambda x: x / matrix.diagonal())

    def plain() -> None:
        for axis in range(3):
            for way in range(3):
                slow_flow.momentum_flux(fields[axis], fields[way], nu, weight, way, axis, grid.spacing[way])
        linalg.cg(matrix, load, rtol=1e-2, M=preconditioner)

    peer = median_seconds(plain, 2, 0)
    cells = f"{grid.cells:,} cells"
    return [
        Line(
            f"flow and heat step, {cells}", f"{1e3 * ours:.1f} ms", "7.5 ms", f"NumPy fluxes, SciPy CG {peer:.2f} s", f"{peer / ours:.0f}x"
        ),
        implicit_line(flow, heat),
    ]


def implicit_line(flow: Flow, heat: Scalar) -> Line:
    flow.make_divergence_free(1e-4)
    transport = ImplicitTransport(heat, flow.velocity())
    seconds = median_seconds(lambda: transport.step(2.0, relative=1e-4), 5)
    return Line("heat through the frozen flow, implicit step of 2 s", f"{1e3 * seconds:.0f} ms", "", f"{2 / STEP:.0f} explicit steps", "")


def parcel_line() -> Line:
    grid = box((64, 80, 64), 3.125e-3)
    rng = np.random.default_rng(0)
    velocity = Velocity(grid, *[(0.05 * rng.standard_normal(grid.padded_shape)).astype(np.float32) for _ in range(3)])
    count, steps, tau = 100_000, 40, 1e-4
    start = rng.random((count, 3)) * np.array([0.2, 0.25, 0.2]) * 0.98 + 0.001
    air = Air(Boundary(grid), velocity, (0.0, 0.0, -9.81), reflecting=True)
    parcels = cloud(start, np.zeros((count, 3)), tau, reynolds_per_speed=1e-5 / 8.7e-6)
    ours = median_seconds(lambda: advance(parcels, air, steps * 1e-3, longest_step=1e-3), 5) / steps

    def plain() -> None:
        place = (start / grid.spacing + 3).T
        gas = [
            ndimage.map_coordinates(part, place - 0.5 + 0.5 * np.eye(3)[axis][:, None], order=1)
            for axis, part in enumerate(velocity.components)
        ]
        slip = np.stack(gas, axis=1)
        life = tau / (1 + 0.15 * (np.linalg.norm(slip, axis=1) * 1e-5 / 8.7e-6) ** 0.687)
        end = slip + life[:, None] * np.array([0.0, 0.0, -9.81])
        gone = -np.expm1(-1e-3 / life)[:, None]
        moved = start + end * 1e-3 - end * life[:, None] * gone
        grid.locate(moved)

    peer = median_seconds(plain, 3)
    return Line(
        "droplets", f"{count / ours / 1e6:.0f} M parcel-steps/s", "53 M/s", f"NumPy {count / peer / 1e6:.1f} M/s", f"{peer / ours:.0f}x"
    )


def column_line() -> Line:
    profile = Profile(graded_edges(20e-6, 4e-3, 80), 2.5e-10, sink=1.2e-3)
    count = 20_000
    columns = Columns(profile, count)
    ours = median_seconds(lambda: columns.step(5.0, 1.0), 20)
    c, bound = np.zeros(80), np.zeros(80)
    peer = median_seconds(lambda: [slow_columns.implicit_step(profile, c, bound, 1.0, 5.0) for _ in range(50)], 3) / 50 * count
    figure = f"{720 * ours:.1f} s for 60 min of 20,000 columns of 80 nodes ({count * 80 / ours / 1e6:.0f} M node-steps/s)"
    return Line("tissue columns", figure, "5 s", f"SciPy solve_banded {720 * peer:.0f} s", f"{peer / ours:.0f}x")


def compartment_line() -> Line:
    cases = 20_000
    rng = np.random.default_rng(0)
    exchange = np.zeros((cases, 6, 6))
    for source, target in ((0, 1), (1, 2), (2, 1), (1, 3), (3, 1), (1, 4)):  # cavity, plasma, two tissues, cleared, area
        rate = (0.5 + rng.random(cases)) / 3600
        exchange[:, target, source] += rate
        exchange[:, source, source] -= rate
    exchange[:, 5, 1] = 1.0
    system, start = Compartments(exchange), np.ones((cases, 6))
    ours = median_seconds(lambda: integrate_compartments(system, start, 86.4, 1000, save_every=1000), 3) / cases
    few = Compartments(exchange[:20])
    peer = median_seconds(lambda: slow_compartments.integrate(few, start[:20], np.array([86400.0])), 3) / 20
    figure = f"{1 / ours / 1e3:.0f} k patients/s, 6 states, 24 h in 1,000 steps"
    return Line("plasma kinetics", figure, "", f"SciPy DOP853 {1 / peer / 1e3:.2f} k/s", f"{peer / ours:.0f}x")


def run() -> list[Line]:
    """Every line."""
    return [*flow_lines(), parcel_line(), column_line(), compartment_line()]


if __name__ == "__main__":
    print(f"## Numerics\n\n{machine(date.today())}\n")
    print(table(run()))
