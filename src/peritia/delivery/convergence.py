"""How far the grid decides: the same plan on three grids, the order that is observed, and the grid convergence index of each headline
figure.

p = ln((f3 - f2) / (f2 - f1)) / ln r, GCI = 1.25 |f1 - f2| / (|f1| (r^p - 1)) with f1 the finest and r the refinement (P. Roache, J
Fluids Eng 1994;
116:405; recalled). Where the three values do not run one way the order is not defined; p = 1 is then used with the widest difference,
and the row says so.

The abdomen itself is made on the grid: the gap around the contents (6 mm under gas) must be resolved before anything on it can converge,
so the fast model's grids begin at 3.6 mm. The value on the grid that is used for work stands beside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from peritia.delivery.plan import Plan
from peritia.delivery.simulate import Fidelity, anatomy_for, simulate
from peritia.delivery.uncertainty import headline

REFINEMENT = 4 / 3
SPACINGS_M: dict[Fidelity, tuple[float, float, float]] = {"fast": (0.0036, 0.0027, 0.002025), "field": (0.0048, 0.0036, 0.0027)}
WORKING_M = 0.004


@dataclass(frozen=True)
class GridRow:
    """One figure on three grids, coarse to fine, its observed order, the index as a share of the finest value, and the value on the grid
    that is used for work (None where it was not run).
    """

    figure: str
    coarse: float
    middle: float
    fine: float
    order: float | None
    index: float
    working: float | None = None


def convergence_row(
    figure: str, coarse: float, middle: float, fine: float, refinement: float = REFINEMENT, working: float | None = None
) -> GridRow:
    """Order and index of one figure."""
    first, second = middle - fine, coarse - middle
    if fine == 0 or (first == 0 and second == 0):
        return GridRow(figure, coarse, middle, fine, None, 0.0, working)
    ratio = second / first if first else np.inf
    order = float(np.log(ratio) / np.log(refinement)) if np.isfinite(ratio) and ratio > 1 else None
    used = min(order, 4.0) if order is not None else 1.0
    spread = abs(first) if order is not None else max(abs(first), abs(second))
    return GridRow(figure, coarse, middle, fine, order, 1.25 * spread / (abs(fine) * (refinement**used - 1)), working)


def grid_convergence(plan: Plan, *, fidelity: Fidelity = "fast", progress: Callable[[float], None] | None = None) -> tuple[GridRow, ...]:
    """Every headline figure of a plan on its parametric abdomen on three grids, and on the working grid at fast fidelity."""
    found: list[dict[str, float]] = []
    spacings = (*SPACINGS_M[fidelity], *((WORKING_M,) if fidelity == "fast" else ()))
    for index, spacing in enumerate(spacings):
        found.append(headline(simulate(plan, anatomy_for(plan, spacing_m=spacing), fidelity=fidelity)))
        if progress:
            progress((index + 1) / len(spacings))
    three, working = found[:3], found[3] if len(found) > 3 else {}
    return tuple(convergence_row(name, *(one[name] for one in three), working=working.get(name)) for name in found[0])


def convergence_markdown(rows: tuple[GridRow, ...], fidelity: Fidelity = "fast") -> str:
    """The table for the manual."""
    grids = " | ".join(f"{1e3 * spacing:.3g} mm" for spacing in SPACINGS_M[fidelity])
    worked = f" | {1e3 * WORKING_M:g} mm" if any(row.working is not None for row in rows) else ""
    lines = [f"| | {grids} | order | index{worked} |", "|---|---|---|---|---|---|" + ("---|" if worked else "")]
    for row in rows:
        order = f"{row.order:.1f}" if row.order is not None else "not defined"
        beside = f" | {row.working:.3g}" if row.working is not None else ""
        lines.append(f"| {row.figure} | {row.coarse:.3g} | {row.middle:.3g} | {row.fine:.3g} | {order} | {100 * row.index:.1f} %{beside} |")
    return "\n".join([*lines, ""])
