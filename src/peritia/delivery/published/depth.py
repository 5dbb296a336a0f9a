"""How deep drug goes, and how much water."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import numpy as np

from peritia.delivery.plan import Dose, Nodule
from peritia.delivery.provenance import Parameters
from peritia.delivery.published.row import Row, cavity, hipec, pipac
from peritia.delivery.simulate import simulate
from peritia.delivery.tissue_bed import beds, ground

DEAD = {
    "normal-tissue.vessel_permeability": 0.0, "normal-tissue.lymph_drainage": 0.0, "retained_anthracycline": 1.0,
    "doxorubicin.loss_rate": 4.75e-3,
}  # fmt: skip
"""A pig after death: no blood, no lymph; cells take up what they took up in life (95 % of the loss rate)."""


def rows() -> Iterator[Row]:
    """Doxorubicin by fluorescence, cisplatin in nodules, water through the peritoneum."""
    yield from _doxorubicin()
    plan = msgspec.structs.replace(hipec("hipec-cisplatin-100-ovhipec"), nodules=(Nodule(name="nodule", diameter_mm=5.0, region=0),))
    one = simulate(plan, cavity("liquid")).nodules[0]
    why = "Another simulation, of five real nodules; how it defines depth was not read, ours is to half of the surface's exposure"
    what = "Cisplatin, depth in a nodule of 5 mm"
    yield Row(what, "0.32 to 0.50 mm", 0.32, 0.50, one.depth_half_mm, "mm", "steuperaert-2019", why)
    pressed, _ = beds(2.5e-10, 1e-3, 0.0, 12.0, ground("normal-tissue", Parameters()), Parameters(), depth_m=6e-3)
    water = pressed.seepage * 6e7 / 12.0
    unit, why = "mL/(min mmHg m2)", "Hydraulic conductivity and lymph uptake are recalled values"
    yield Row("Water through the peritoneum at 12 mmHg", "0.12", 0.06, 0.24, water, unit, "peritoneal-filtration-cat", why, "factor 2")


def _doxorubicin() -> Iterator[Row]:
    near, far = _detected(DEAD)
    other = _detected(DEAD | {"fluorescence_limit": 10.0})
    why = (
        "What concentration the microscope still shows is not published; 5 umol/L is assumed (1 to 10), and at 10 umol/L ours are "
        f"{other[0]:.0f} and {other[1]:.0f} um. 3 mg in 50 mL is this group's usual filling, not stated for this study. Other post-mortem "
        "series of the group read 252 and 476 um"
    )
    for value, name, low, high, text in ((near, "near the nozzle", 227, 471, "349 um"), (far, "far from it", 50, 150, "50 to 150 um")):
        what, band = f"Doxorubicin by fluorescence {name}, dead pig at 32 C", "35 %" if value is near else ""
        yield Row(what, text, low, high, value, "um", "khosrawipour-2016", why, band)


def _detected(changes: Mapping[str, float]) -> tuple[float, float]:
    """Depth near the nozzle and far from it, um."""
    dose = (Dose(drug="doxorubicin", dose_mg=3.0, volume_ml=50.0),)
    plan = msgspec.structs.replace(pipac("pipac-cisplatin-doxorubicin-7-5"), drugs=dose, temperature_c=32.0, device="mip")
    made = simulate(plan, cavity("gas"), overrides=changes)
    one, most = made.drugs[0], made.drugs[0].landed_mg_per_m2.max()
    near = one.landed_mg_per_m2 > 0.5 * most
    far = (one.taken_up_mg_per_m2 > 0) & (one.landed_mg_per_m2 < 0.01 * most) & (made.surface.normal[:, 1] > 0.5)
    first, second = (1e3 * float(np.average(one.depth_detected_mm[chosen], weights=made.surface.area[chosen])) for chosen in (near, far))
    return first, second
