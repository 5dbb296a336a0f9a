"""The stirred gas of a PIPAC against its closed form; the electrode of a plan."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from deliveries import cavity, plan_of

from peritia.delivery import PipacPlan, simulate
from peritia.delivery.aerosol import classes, stirred
from peritia.delivery.provenance import Parameters
from peritia.physics import aerosol_fate
from peritia.physics.coagulation import doubling_diameters


def test_the_stirred_gas_without_meetings_is_the_closed_form() -> None:
    """Charged droplets do not join: settled and floating shares then follow ``aerosol_fate``."""
    plan, anatomy = plan_of("pipac-oxaliplatin-120"), cavity("gas")
    assert isinstance(plan, PipacPlan)
    brief, parameters = msgspec.structs.replace(plan, hold_minutes=0.05), Parameters()
    size, field = np.array([2e-6]), 1e3
    own = doubling_diameters(0.4e-6, 160e-6)
    near = np.array([own[int(np.rint(3 * np.log2(size[0] / own[0])))]])
    moved = classes(near, np.ones(1), parameters, field=field)
    upward = anatomy.surface.area @ np.clip(anatomy.surface.normal[:, 1], 0.0, None)
    rate = (moved.settling * upward + moved.drift * anatomy.surface.area_m2) / anatomy.volume_m3
    exact = aerosol_fate.fate(np.zeros(1), rate, brief.spray_seconds, 3.0)
    face, floating, _ = stirred(brief, size, np.ones(1), anatomy, parameters, field)
    assert floating == pytest.approx(float(exact.floating[0]), rel=0.01)
    assert face.sum() == pytest.approx(float(exact.settled[0]), rel=0.01)


def test_an_electrode_stands_where_the_plan_says_and_gives_no_more_than_its_current() -> None:
    plan, anatomy = plan_of("epipac-oxaliplatin-92"), cavity("gas")
    assert isinstance(plan, PipacPlan)

    def field(**changes: object) -> float:
        made = simulate(msgspec.structs.replace(plan, **changes), anatomy)
        return next(used.value for used in made.used if used.name == "electric_field")

    assert field(voltage_kv=7.5) == pytest.approx(1.5 * field(voltage_kv=5.0))
    assert field(voltage_kv=20.0) < 2 * field(voltage_kv=10.0)
    assert field(electrode="left upper quadrant, aimed at pelvis") != field()
    with pytest.raises(ValueError, match="electrostatic"):
        msgspec.structs.replace(plan, electrostatic=False, voltage_kv=7.5)
