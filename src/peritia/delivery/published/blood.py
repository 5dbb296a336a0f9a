"""What blood sees, from disposition measured elsewhere; nothing is fitted to these rows but the clearance of mitomycin."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from peritia.delivery.delivery import Delivery
from peritia.delivery.plasma import PlasmaCurve
from peritia.delivery.published.absorbed import CISPLATIN, MITOMYCIN, one_dose
from peritia.delivery.published.row import Row, cavity, pipac
from peritia.delivery.simulate import simulate

OXALIPLATIN_PER_PLATINUM = 397.29 / 195.08
CISPLATIN_PER_PLATINUM = 300.05 / 195.08


def _curve(made: Delivery, drug: str, species: str) -> PlasmaCurve:
    return next(curve for curve in made.plasma if curve.drug == drug and curve.species == species)


def rows() -> Iterator[Row]:
    """Oxaliplatin after electrostatic PIPAC, cisplatin and mitomycin in HIPEC, doxorubicin after PIPAC."""
    yield from _oxaliplatin()
    yield from _cisplatin()
    yield from _mitomycin()
    made = simulate(pipac("pipac-cisplatin-doxorubicin-7-5"), cavity("gas"))
    peak = 1000 * _curve(made, "doxorubicin", "drug").peak
    why = "Only 5 % of the loss is taken to reach blood (assumed, 0 to 20 %)"
    yield Row("PIPAC doxorubicin 1.5 mg/m2 in plasma", "4.0 to 6.2 ng/mL", 2.0, 12.4, peak, "ng/mL", "solass-2014", why, "factor 2")


def _oxaliplatin() -> Iterator[Row]:
    base = pipac("epipac-oxaliplatin-92")
    dose = msgspec.structs.replace(base.drugs[0], dose_mg=92 * 1.9)
    made = simulate(msgspec.structs.replace(base, drugs=(dose,)), cavity("gas"))
    total, free = _curve(made, "oxaliplatin", "total-platinum"), _curve(made, "oxaliplatin", "ultrafiltrable-platinum")
    counted = "Published as oxaliplatin, ours turned into it. "
    early = (
        counted
        + "Film and pool are taken up within the first hour, by a tissue that is normal peritoneum all over; peaks come at half an hour"
    )
    long = counted + "The disposition is that of HIPEC patients (clearance 1.61 L/h, 86 % between them); these patients would need 1.2"
    what = "ePIPAC oxaliplatin 92 mg/m2, total platinum"
    for curve, name, peak, area, text in (
        (total, what, (2.67, 3.28), (49.0, 59.5), ("2.67 to 3.28", "49.0 to 59.5")),
        (free, "the same, ultrafiltrable", (1.36, 1.90), (9.6, 11.7), ("1.36 to 1.90", "9.6 to 11.7")),
    ):
        ours = curve.peak * OXALIPLATIN_PER_PLATINUM, curve.auc_24h * OXALIPLATIN_PER_PLATINUM
        yield Row(f"{name}, peak", f"{text[0]} mg/L", *peak, ours[0], "mg/L", "lurvink-oxaliplatin", early)
        yield Row(f"{name}, AUC to 24 h", f"{text[1]} mg h/L", *area, ours[1], "mg h/L", "lurvink-oxaliplatin", long)


def _cisplatin() -> Iterator[Row]:
    made = one_dose(CISPLATIN, 90.0)
    total = _curve(made, "cisplatin", "total-platinum")
    bath, minutes = made.series["cavity_mg_per_l.cisplatin"] / CISPLATIN_PER_PLATINUM, made.series["cavity_mg_per_l.cisplatin_min"]
    during = total.time_h <= 2.0  # perfusion and half an hour
    steps = np.diff(minutes, prepend=minutes[0]) / 60
    area = float((bath * steps)[minutes <= minutes[0] + 90].sum())
    ratio = float(bath.max() / total.mg_per_l[during].max())
    areas = area / float(np.trapezoid(total.mg_per_l[during], total.time_h[during]))
    why = "Binding in plasma is taken at 25 mg/m2 by vein; whether total or free platinum was compared is not told"
    yield Row("Cisplatin, cavity over plasma, peaks", "10", 6, 14, ratio, "", "cho-1999", why, "40 %")
    yield Row("Cisplatin, cavity over plasma, AUC", "13", 7.8, 18.2, areas, "", "cho-1999", why, "40 %")


def _mitomycin() -> Iterator[Row]:
    why = "Clearance was fitted to this ratio and to the series below together"
    ratio = one_dose(MITOMYCIN, 90.0).plasma[0].ratio or 0.0
    yield Row("Mitomycin, cavity over plasma AUC", "27", 16.2, 37.8, ratio, "", "van-der-speeten-2010", why, "40 %")
    curve = one_dose(MITOMYCIN, 60.0, 20.0).plasma[0]
    why = "More is absorbed in ours than in this series (37 %), and its clearance was 72 L/h where ours is 50"
    spread = "standard deviation"
    yield Row("Mitomycin 20 mg/m2, peak in plasma", "0.14 mg/L", 0.054, 0.226, curve.peak, "mg/L", "mitomycin-20-pk", why, spread)
    yield Row("the same, time of the peak", "48.7 min", 43.1, 54.3, curve.peak_at_min, "min", "mitomycin-20-pk", why, spread)
    yield Row("the same, AUC", "15.8 mg min/L", 6.0, 25.6, 60 * curve.auc_24h, "mg min/L", "mitomycin-20-pk", why, spread)
