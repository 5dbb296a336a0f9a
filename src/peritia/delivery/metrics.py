"""What a planner reads off a delivery. Every word is defined here, by area of peritoneum.

- drug-area histogram: share of the area that took up at least x;
- coverage: share of the area that took up at least a tenth of the area mean. (Not half: a film of one thickness, which most of the wetted
  surface bears, holds about half of PIPAC's mean, so a share at half would turn on micrometres and not settle on any grid.);
- worst region: the one with the least coverage, and of equals the one with the least mean uptake;
- D95, D50: what 95 % (50 %) of the area took up at least;
- homogeneity: 1 - Gini coefficient of drug over area: 1 where every cm2 took up the same, 0 where one spot took all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.delivery import Delivery, DrugMap
from peritia.delivery.totals import by_group

Array = NDArray[np.float64]
REGIONS = (
    "Central", "Right upper", "Epigastrium", "Left upper", "Left flank", "Left lower", "Pelvis", "Right lower", "Right flank",
    "Upper jejunum", "Lower jejunum", "Upper ileum", "Lower ileum",
)  # fmt: skip
"""The thirteen PCI regions by number."""
COVERED = 0.1
"""Share of the area mean above which a place counts as covered."""


@dataclass(frozen=True)
class RegionRow:
    """One region for one drug; means by area, ``nan`` where the region has no open surface."""

    region: int
    name: str
    drug: str
    area_cm2: float
    landed_mg_per_m2: float
    taken_up_mg_per_m2: float
    first_mm_ug_per_g: float
    depth_half_mm: float
    depth_tenth_mm: float
    depth_ic50_mm: float
    temperature_c: float
    cem43_min: float


@dataclass(frozen=True)
class DrugMetrics:
    """One drug over the whole peritoneum."""

    drug: str
    mean_mg_per_m2: float
    d95_mg_per_m2: float
    d50_mg_per_m2: float
    coverage: float
    homogeneity: float
    worst_region: int
    worst_region_coverage: float
    worst_region_mg_per_m2: float
    mean_depth_tenth_mm: float
    mean_first_mm_ug_per_g: float


def region_table(delivery: Delivery) -> tuple[RegionRow, ...]:
    """A row for each drug and region."""
    area, region = delivery.surface.area, delivery.surface.region
    total = by_group(region, area, 13)

    def mean(values: Array) -> Array:
        summed = by_group(region, area * values, 13)
        return np.where(total > 0, summed / np.where(total > 0, total, 1.0), np.nan)

    warm, dose = mean(delivery.temperature_c), mean(delivery.cem43_min)
    rows: list[RegionRow] = []
    for one in delivery.drugs:
        columns = [
            mean(each)
            for each in (
                one.landed_mg_per_m2, one.taken_up_mg_per_m2, one.first_mm_ug_per_g, one.depth_half_mm, one.depth_tenth_mm,
                one.depth_ic50_mm,
            )
        ]  # fmt: skip
        for index, name in enumerate(REGIONS):
            values = [float(column[index]) for column in (*columns, warm, dose)]
            rows.append(RegionRow(index, name, one.drug, 1e4 * float(total[index]), *values))
    return tuple(rows)


def drug_area_histogram(delivery: Delivery, drug: str, points: int = 200) -> tuple[Array, Array]:
    """Uptake x (mg/m2) and the share of the area that took up at least x."""
    one = delivery.drug(drug)
    order = np.argsort(one.taken_up_mg_per_m2)[::-1]
    level, share = one.taken_up_mg_per_m2[order], np.cumsum(delivery.surface.area[order]) / delivery.surface.area_total
    x = np.linspace(0.0, float(level[0]), points)
    # Shares of what lies at or above x: the last of the sorted faces that still does.
    count = np.searchsorted(-level, -x, side="right")
    return x, np.where(count > 0, share[np.maximum(count - 1, 0)], 0.0)


def gini(values: Array, area: Array) -> float:
    """Gini coefficient of values over areas, 0 (even) to 1."""
    total = float(values @ area)
    if total <= 0:
        return 1.0
    order = np.argsort(values)
    width, mass = area[order] / area.sum(), (values * area)[order] / total
    lorenz = np.concatenate([[0.0], np.cumsum(mass)])
    return float(1 - (width * (lorenz[1:] + lorenz[:-1])).sum())


def at_least(values: Array, area: Array, share: float) -> float:
    """What this share of the area has at least."""
    order = np.argsort(values)[::-1]
    reached = np.cumsum(area[order]) / area.sum()
    return float(values[order][min(int(np.searchsorted(reached, share - 1e-12)), len(values) - 1)])


def drug_metrics(delivery: Delivery, one: DrugMap) -> DrugMetrics:
    """The figures of one drug."""
    area, taken = delivery.surface.area, one.taken_up_mg_per_m2
    mean = float(taken @ area / area.sum())
    region = delivery.surface.region
    covered = taken >= COVERED * mean if mean > 0 else np.zeros(len(area), np.bool_)
    total, reached = by_group(region, area, 13), by_group(region, area * covered, 13)
    amount = by_group(region, area * taken, 13)
    worst = min((i for i in range(13) if total[i] > 0), key=lambda i: (float(reached[i] / total[i]), float(amount[i] / total[i])))
    return DrugMetrics(
        one.drug,
        mean,
        at_least(taken, area, 0.95),
        at_least(taken, area, 0.50),
        float(area[covered].sum() / area.sum()),
        1 - gini(taken, area),
        worst,
        float(reached[worst] / total[worst]),
        float(amount[worst] / total[worst]),
        float(one.depth_tenth_mm @ area / area.sum()),
        float(one.first_mm_ug_per_g @ area / area.sum()),
    )
