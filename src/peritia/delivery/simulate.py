"""``simulate(plan, anatomy)``: one interface, two fidelities. Pure: frozen in, frozen out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from peritia.delivery.anatomy import Anatomy, Placement, place, place_at
from peritia.delivery.delivery import BALANCE_LIMIT, Delivery
from peritia.delivery.errors import OutOfBalance, PlanRefused
from peritia.delivery.hipec_fast import simulate_hipec
from peritia.delivery.pipac_fast import simulate_pipac
from peritia.delivery.plan import PipacPlan, Place, Plan
from peritia.delivery.provenance import Parameters

Fidelity = Literal["fast", "field"]
Progress = Callable[[str, float], None]
"""Told what is being done and which part of the whole run stands done, 0 to 1."""


def placed(anatomy: Anatomy, where: Place) -> Placement:
    """A place of a plan on an anatomy. Raises ``PlacementRefused``."""
    if isinstance(where, str):
        return place(anatomy, where)
    tip, aim = tuple(0.01 * c for c in where.tip_cm), tuple(0.01 * c for c in where.aim_cm)
    return place_at(
        anatomy, (tip[0], tip[1], tip[2]), (aim[0], aim[1], aim[2]), described=f"tip at {where.tip_cm} cm, aimed at {where.aim_cm} cm"
    )


def anatomy_for(plan: Plan, *, spacing_m: float = 0.004) -> Anatomy:
    """The parametric abdomen of the plan's body, inflated or filled as the plan says."""
    gas = isinstance(plan, PipacPlan)
    return Anatomy.parametric(
        sex=plan.body.sex,
        height_cm=plan.body.height_cm,
        weight_kg=plan.body.weight_kg,
        girth_cm=plan.body.girth_cm,
        fill="gas" if gas else "liquid",
        volume_l=plan.gas_volume_l if isinstance(plan, PipacPlan) else plan.bath_volume_l,
        spacing_m=spacing_m,
    )


def simulate(
    plan: Plan,
    anatomy: Anatomy,
    *,
    fidelity: Fidelity = "fast",
    overrides: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> Delivery:
    """Simulate a session. ``overrides`` replaces parameters by their names as ``Delivery.used`` gives them.

    Raises ``PlanRefused`` for a plan that does not fit the anatomy, ``PlacementRefused``, the named errors of ``numerics``, and
    ``OutOfBalance`` instead of handing out a result that lost something.
    """
    expected = "gas" if isinstance(plan, PipacPlan) else "liquid"
    if anatomy.fill != expected:
        raise PlanRefused(
            f"The cavity is filled with {anatomy.fill}", f"{expected} for {plan.kind.upper()}", "make the anatomy for this plan"
        )
    parameters = Parameters(overrides)
    told = progress or _silent
    if isinstance(plan, PipacPlan):
        nozzle = placed(anatomy, plan.nozzle)
        electrode = None if plan.electrode is None else placed(anatomy, plan.electrode)
        if fidelity == "field":
            from peritia.delivery.pipac_field import simulate_pipac_field

            made = simulate_pipac_field(plan, anatomy, nozzle, parameters, told, electrode=electrode)
        else:
            made = simulate_pipac(plan, anatomy, nozzle, parameters, electrode=electrode)
    else:
        inflows, outflows = tuple(placed(anatomy, one) for one in plan.inflows), tuple(placed(anatomy, one) for one in plan.outflows)
        if fidelity == "field":
            from peritia.delivery.hipec_field import simulate_hipec_field

            made = simulate_hipec_field(plan, anatomy, inflows, outflows, parameters, told)
        else:
            made = simulate_hipec(plan, anatomy, inflows, outflows, parameters)
    for balance in made.balances:
        if not balance.error <= BALANCE_LIMIT:
            raise OutOfBalance(balance.name, balance.error, BALANCE_LIMIT)
    return made


def _silent(what: str, part: float) -> None:
    """Tell nobody."""
