"""Two deliveries side by side: a table by region and drug, and a difference on each face where they share an anatomy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.delivery import Delivery
from peritia.delivery.errors import DeliveryRefused
from peritia.delivery.metrics import DrugMetrics, RegionRow, drug_metrics, region_table

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Comparison:
    """``shared``: drugs in both. ``regions``: rows of a and b. ``difference``: uptake of b less that of a by face (mg/m2), only for one
    anatomy.
    """

    shared: tuple[str, ...]
    regions: tuple[tuple[RegionRow, RegionRow], ...]
    metrics: tuple[tuple[DrugMetrics, DrugMetrics], ...]
    difference: dict[str, Array]
    notes: tuple[str, ...]


def compare(a: Delivery, b: Delivery) -> Comparison:
    """Compare two deliveries. Raises ``DeliveryRefused`` when they share no drug."""
    names = [one.drug for one in a.drugs if any(one.drug == other.drug for other in b.drugs)]
    if not names:
        raise DeliveryRefused("The two deliveries share no drug", "at least one drug in both", "compare their region tables one by one")
    notes: list[str] = []
    same = a.fingerprint == b.fingerprint
    if not same:
        notes.append("Different cavities: compared by region, not face by face")
    if a.plan.kind != b.plan.kind:
        notes.append("PIPAC lands drug on the open surface; HIPEC bathes folds too: read amounts per area with the depth beside them")
    if a.run.fidelity != b.run.fidelity:
        notes.append(f"Different fidelities: {a.run.fidelity} and {b.run.fidelity}")
    rows_a, rows_b = ({(row.drug, row.region): row for row in region_table(one)} for one in (a, b))
    return Comparison(
        shared=tuple(names),
        regions=tuple((rows_a[key], rows_b[key]) for key in rows_a if key in rows_b),
        metrics=tuple((drug_metrics(a, a.drug(name)), drug_metrics(b, b.drug(name))) for name in names),
        difference={name: b.drug(name).taken_up_mg_per_m2 - a.drug(name).taken_up_mg_per_m2 for name in names} if same else {},
        notes=tuple(notes),
    )
