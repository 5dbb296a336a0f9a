"""Drug in blood: what leaves the tissue enters one or two compartments.

    V1 dC1/dt = input - (CL + Q) C1 + Q C2,   V2 dC2/dt = Q (C1 - C2)

The input is the loss of the tissue columns, so absorption is not set a second time. Between two times the input is constant and the step
exact.
For platinum drugs the amount is counted as platinum, total and ultrafiltrable each with its own model. mg, L, h.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.provenance import Parameters
from peritia.knowledge.drug import Drug
from peritia.knowledge.kinetics import KineticModel

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PlasmaCurve:
    """One species in plasma: ``time_h`` and ``mg_per_l`` (which is ug/mL); ``ratio`` is the area under the cavity's curve over this
    one's, to 24 h.
    """

    drug: str
    species: str
    model: str
    time_h: Array
    mg_per_l: Array
    ratio: float | None

    @property
    def peak(self) -> float:
        """Highest concentration, mg/L."""
        return float(self.mg_per_l.max())

    @property
    def peak_at_min(self) -> float:
        """Minutes from the start to the peak."""
        return float(60 * self.time_h[int(np.argmax(self.mg_per_l))])

    @property
    def auc_24h(self) -> float:
        """Area under the curve to 24 h, mg h/L."""
        return float(np.trapezoid(self.mg_per_l, self.time_h))


def plasma_curves(
    drug: Drug, time_s: Array, input_mg_per_s: Array, cavity_auc_mg_h_per_l: float, parameters: Parameters
) -> tuple[PlasmaCurve, ...]:
    """The curve of each default model of the drug that has its volumes; empty when the drug's file has none."""
    curves: list[PlasmaCurve] = []
    for model in drug.kinetics:
        if not model.default or "clearance" not in model.parameters or "central_volume" not in model.parameters:
            continue
        part = _platinum_part(drug, model, parameters)
        steps = np.diff(time_s, prepend=0.0) / 3600
        level = _compartments(drug, model, steps, part * input_mg_per_s * 3600, parameters)
        curve = PlasmaCurve(drug.id, model.species, model.id, np.concatenate([[0.0], time_s / 3600]), np.concatenate([[0.0], level]), None)
        ratio = part * cavity_auc_mg_h_per_l / curve.auc_24h if curve.auc_24h > 0 else None
        curves.append(PlasmaCurve(drug.id, model.species, model.id, curve.time_h, curve.mg_per_l, ratio))
    return tuple(curves)


def cleared_auc(drug: Drug, absorbed_mg: float, parameters: Parameters) -> float | None:
    """Area under the plasma curve from absorbed amount and clearance alone, mg h/L; None where the file has no clearance."""
    for model in drug.kinetics:
        if model.default and "clearance" in model.parameters:
            part = _platinum_part(drug, model, parameters)
            return part * absorbed_mg / parameters.take(f"{drug.id}.{model.id}.clearance", model.parameters["clearance"])
    return None


def _platinum_part(drug: Drug, model: KineticModel, parameters: Parameters) -> float:
    if "platinum" not in model.species:
        return 1.0
    return parameters.own("platinum_mass") / parameters.take(f"{drug.id}.molar_mass", drug.molar_mass)


def _compartments(drug: Drug, model: KineticModel, steps_h: Array, input_mg_per_h: Array, parameters: Parameters) -> Array:
    def number(name: str) -> float:
        return parameters.optional(f"{drug.id}.{model.id}.{name}", model.parameters.get(name)) or 0.0  # pyright: ignore[reportArgumentType,reportCallIssue]

    clearance, first, exchange, second = number("clearance"), number("central_volume"), number("exchange"), number("peripheral_volume")
    system = np.array([[-(clearance + exchange) / first, exchange / first], [0.0, -1.0]])
    if second > 0 and exchange > 0:
        system[1] = [exchange / second, -exchange / second]
    else:  # one compartment; the second is empty and decays on its own
        system[0] = [-clearance / first, 0.0]
    values, vectors = np.linalg.eig(system)
    inverse = np.linalg.inv(vectors)
    state, out = np.zeros(2), np.empty(len(steps_h))
    drive = inverse @ np.array([1.0 / first, 0.0])
    for index, (step, rate) in enumerate(zip(steps_h, input_mg_per_h, strict=True)):
        decay = np.exp(values * step)
        gain = (decay - 1) / values
        state = np.asarray(np.real(vectors @ (decay * (inverse @ state) + gain * drive * rate)), np.float64)
        out[index] = state[0]
    return out
