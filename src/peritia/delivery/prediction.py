"""A delivery as an entry of the case: figures of the drug given first, with the model that predicted them. No finding is made of it."""

from __future__ import annotations

from datetime import date

import msgspec
import yaml

from peritia.case.prediction import Prediction
from peritia.delivery.delivery import Delivery
from peritia.delivery.metrics import drug_metrics


def predicted(delivery: Delivery, on: date | None = None) -> Prediction:
    """The entry. ``on``: the day for which it was predicted."""
    first = delivery.drugs[0]
    metrics = drug_metrics(delivery, first)
    curve = next((one for one in delivery.plasma if one.drug == first.drug), None)
    return Prediction(
        on=on,
        technique=delivery.plan.kind,
        model=f"{delivery.run.model} {delivery.run.fidelity}",
        regimen=delivery.plan.regimen or None,
        drug=first.drug,
        anatomy=delivery.anatomy,
        coverage=_short(metrics.coverage),
        homogeneity=_short(metrics.homogeneity),
        mean_uptake_mg_per_m2=_short(metrics.mean_mg_per_m2),
        worst_region=metrics.worst_region,
        worst_region_coverage=_short(metrics.worst_region_coverage),
        depth_tenth_mm=_short(metrics.mean_depth_tenth_mm),
        plasma_species=None if curve is None else curve.species,
        plasma_peak_mg_per_l=None if curve is None else _short(curve.peak),
        plasma_auc_24h_mg_h_per_l=None if curve is None else _short(curve.auc_24h),
        bath_mean_c=_short(delivery.numbers.get("bath_mean_c")),
        core_peak_c=_short(delivery.numbers.get("core_peak_c")),
    )


def _short(value: float | None) -> float | None:
    """Four figures: no simulation here is known to more."""
    return None if value is None else float(f"{value:.4g}")


def prediction_text(entries: tuple[Prediction, ...]) -> str:
    """Entries as they stand under ``predicted`` of a case file; one of them is what the record takes as a section ``predicted``."""
    plain = [{key: value for key, value in msgspec.to_builtins(one).items() if value is not None} for one in entries]
    head = "# Predicted by simulation, not found in the patient. Research and education only: not a medical device.\n"
    return head + yaml.safe_dump({"predicted": plain}, sort_keys=False, allow_unicode=True, width=120)
