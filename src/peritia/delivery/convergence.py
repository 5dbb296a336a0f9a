"""How far the grid decides: the same plan on three grids, the order that is observed, and the grid convergence index of each headline
figure.

p = ln((f3 - f2) / (f2 - f1)) / ln r, GCI = 1.25 |f1 - f2| / (|f1| (r^p - 1)) with f1 the finest and r the refinement (P. Roache, J
Fluids Eng 1994;
116:405; recalled). Where the three values do not run one way the order is not defined; p = 1 is then used, and the row says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peritia.delivery.plan import Plan
from peritia.delivery.simulate import anatomy_for, simulate
from peritia.delivery.uncertainty import headline

REFINEMENT = 4 / 3
SPACINGS_M = (0.0064, 0.0048, 0.0036)


@dataclass(frozen=True)
class GridRow:
    """One figure on three grids, coarse to fine, its observed order and the index as a share of the finest value."""

    figure: str
    coarse: float
    middle: float
    fine: float
    order: float | None
    index: float


def convergence_row(figure: str, coarse: float, middle: float, fine: float, refinement: float = REFINEMENT) -> GridRow:
    """Order and index of one figure."""
    first, second = middle - fine, coarse - middle
    if fine == 0 or (first == 0 and second == 0):
        return GridRow(figure, coarse, middle, fine, None, 0.0)
    ratio = second / first if first else np.inf
    order = float(np.log(ratio) / np.log(refinement)) if np.isfinite(ratio) and ratio > 1 else None
    used = min(order, 4.0) if order is not None else 1.0
    spread = abs(first) if order is not None else max(abs(first), abs(second))
    return GridRow(figure, coarse, middle, fine, order, 1.25 * spread / (abs(fine) * (refinement**used - 1)))


def grid_convergence(plan: Plan) -> tuple[GridRow, ...]:
    """Every headline figure of a plan on its parametric abdomen at 6.4, 4.8 and 3.6 mm."""
    found = [headline(simulate(plan, anatomy_for(plan, spacing_m=spacing))) for spacing in SPACINGS_M]
    return tuple(convergence_row(name, *(one[name] for one in found)) for name in found[0])


def convergence_markdown(rows: tuple[GridRow, ...]) -> str:
    """The table for the manual."""
    grids = " | ".join(f"{1e3 * spacing:g} mm" for spacing in SPACINGS_M)
    lines = [f"| | {grids} | order | index |", "|---|---|---|---|---|---|"]
    for row in rows:
        order = f"{row.order:.1f}" if row.order is not None else "not defined"
        lines.append(f"| {row.figure} | {row.coarse:.3g} | {row.middle:.3g} | {row.fine:.3g} | {order} | {100 * row.index:.0f} % |")
    return "\n".join([*lines, ""])
