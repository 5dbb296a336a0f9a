"""How much drug leaves a bath."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from peritia.delivery.delivery import Delivery
from peritia.delivery.published.row import Row, cavity, hipec, reference_plan
from peritia.delivery.simulate import simulate

CISPLATIN, MITOMYCIN = "hipec-cisplatin-100-ovhipec", "hipec-mitomycin-35-dutch"


@lru_cache
def one_dose(regimen: str, minutes: float, dose_mg_per_m2: float | None = None) -> Delivery:
    """The whole dose at the start of a bath of 3 L, inflow 44 C at 1.5 L/min."""
    base = hipec(regimen)
    drugs = base.drugs
    if dose_mg_per_m2 is not None:
        drugs = (msgspec.structs.replace(drugs[0], dose_mg=dose_mg_per_m2 * base.body.body_surface_m2),)
    plan = msgspec.structs.replace(base, drugs=drugs, minutes=minutes, bath_volume_l=3.0, inflow_temperature_c=44.0, flow_ml_per_min=1500.0)
    return simulate(plan, cavity("liquid"))


def rows() -> Iterator[Row]:
    """Cisplatin, oxaliplatin, mitomycin."""
    why = "D of the drug and its loss rate, and the wetted area"
    for minutes, published, source in ((60.0, 36.6, "cattel-2004"), (90.0, 27.8, "cho-1999"), (90.0, 20.8, "cisplatin-utilised-2021")):
        left = one_dose(CISPLATIN, minutes).numbers["left_percent.cisplatin"]
        yield Row(
            f"Cisplatin left at {minutes:g} min", f"{published:g} %", published - 8, published + 8, left, "%", source, why, "8 points"
        )
    made = one_dose(CISPLATIN, 60.0)
    gone = float(made.series["cavity_mg_per_l.cisplatin"][0] * 3.0) * (1 - made.numbers["left_percent.cisplatin"] / 100)
    clearance = gone / made.cavity_auc_mg_h_per_l["cisplatin"]
    why = (
        "Two other series (left at 60 and 90 min, met above) give 2.8 to 3 L/h; this one counts ultrafiltrable platinum in the bath, to "
        "which binding to protein in the bath adds, and follows resection of peritoneum. One loss rate cannot meet all three"
    )
    low, high = 4.66 * (1 - 0.223), 4.66 * (1 + 0.223)
    yield Row("Cisplatin, clearance of the cavity", "4.66 L/h", low, high, clearance, "L/h", "cisplatin-epinephrine", why, "spread of 22 %")
    gone = 100 - simulate(reference_plan("hipec-oxaliplatin-460-open"), cavity("liquid")).numbers["left_percent.oxaliplatin"]
    why = "D of the drug and its loss rate, and the wetted area"
    yield Row("Oxaliplatin absorbed in 30 min", "38 to 53 %", 38, 53, gone, "%", "perez-ruixo-absorption", why)
    left = one_dose(MITOMYCIN, 90.0).numbers["left_percent.mitomycin"]
    yield Row("Mitomycin left at 90 min", "29 %", 21, 37, left, "%", "van-der-speeten-2010", why, "8 points")
    gone = 100 - one_dose(MITOMYCIN, 60.0, 20.0).numbers["left_percent.mitomycin"]
    why = "The two series of mitomycin differ: 71 % in 90 min above, 37 % in 60 min here; one loss rate serves both"
    yield Row("Mitomycin absorbed in 60 min", "37 %", 23, 51, gone, "%", "mitomycin-20-pk", why, "standard deviation")
