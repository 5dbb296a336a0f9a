"""How warm a bath and the wall under it get."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from peritia.delivery.anatomy import Tissue as Kind
from peritia.delivery.provenance import Parameters
from peritia.delivery.published.row import Row, cavity, hipec
from peritia.delivery.simulate import simulate
from peritia.delivery.warmth import warmth

HEAVY_KG = 1e7
"""A body whose blood stays where it is: the pigs' was held at 38 C."""


def rows() -> Iterator[Row]:
    """Outflow by flow, mean bath, profile in the wall."""
    base = hipec("hipec-cisplatin-100-ovhipec")
    steady = msgspec.structs.replace(base.body, weight_kg=HEAVY_KG)
    for flow, published in ((4000.0, 43.0), (500.0, 40.4)):
        plan = msgspec.structs.replace(
            base, body=steady, flow_ml_per_min=flow, inflow_temperature_c=43.9, starting_core_c=38.0, cooling_w=0.0, minutes=60.0
        )
        made = simulate(plan, cavity("liquid")).numbers
        why = (
            f"Ours loses {made['heat_loss_w_per_k']:.0f} W/K through the 1.4 m2 of a woman, from perfusion and film; two flows of the pigs "
            "give 51. Their peritoneal area is not published, and nothing was scaled to it"
        )
        what = f"Outflow at {flow / 1000:g} L/min, inflow 43.9 C, blood 38 C"
        yield Row(what, f"{published:g} C", published - 0.3, published + 0.3, made["outflow_end_c"], "C", "furman-2011", why, "0.3 K")
    plan = msgspec.structs.replace(base, flow_ml_per_min=1500.0, inflow_temperature_c=44.0, minutes=90.0, technique="closed")
    bath = simulate(plan, cavity("liquid")).numbers["bath_mean_c"]
    why = "Starting core and cooling of the patients are not published; 36 C and 100 W are assumed"
    yield Row("Mean bath, inflow 44 C, 1.5 L/min", "42 C", 41.5, 42.5, bath, "C", "goldenshluger-2018", why, "0.5 K")
    yield from _wall()


def _wall() -> Iterator[Row]:
    data = warmth(Parameters())
    bath, blood = 42.0, 38.0
    surface = np.full(len(Kind), 40.0)
    for _ in range(50):
        surface = blood + (bath - blood) * data.film / (data.film + data.tissue_conductance(surface))
    scale = data.depth_scale(surface)[Kind.WALL]

    def at(depth_m: float) -> float:
        return float(blood + (surface[Kind.WALL] - blood) * np.exp(-depth_m / scale))

    why = "Taken for a bath of 42 and blood of 38 C; the film is fitted to this study, the slope is not"
    fall, slope = bath - at(1e-3), at(1e-3) - at(11e-3)
    yield Row("Abdominal wall, fall over the first millimetre", "0.8 to 1.7 K", 0.56, 2.2, fall, "K", "van-ruth-2003", why, "30 %")
    yield Row("Abdominal wall, gradient below it", "1.5 to 1.7 K/cm", 1.05, 2.2, slope, "K/cm", "van-ruth-2003", why, "30 %")
