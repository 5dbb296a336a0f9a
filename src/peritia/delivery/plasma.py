"""Drug in blood: what leaves the tissue enters the compartments of ``physics.plasma``, and tissue sees what is free in plasma.

The input is what the tissue columns lose to blood, so absorption is not set a second time; it turns negative when blood gives back. For
platinum drugs the amount is counted as platinum; total platinum follows from the ultrafiltrable model (``built_on``) or has its own. A
drug whose file holds no complete model gets no curve, and its name is told. mg, L, h.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.provenance import Parameters
from peritia.knowledge.drug import Drug
from peritia.knowledge.kinetics import KineticModel, KineticName
from peritia.physics.plasma import Course, Disposition

Array = NDArray[np.float64]
FIELDS: Mapping[KineticName, str] = {
    "central_volume": "central_volume", "clearance": "clearance", "exchange": "exchange", "peripheral_volume": "peripheral_volume",
    "second_exchange": "second_exchange", "second_volume": "second_volume", "maximal_elimination": "most_cleared",
    "half_elimination": "half_cleared", "maximal_exchange": "most_exchanged", "half_exchange": "half_exchanged",
}  # fmt: skip
"""Names of the drug files, and of the law."""


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


class Blood:
    """The default models of one drug, stepped with what the tissue gives; changes in place."""

    def __init__(self, drug: Drug, parameters: Parameters) -> None:
        self.drug, self._numbers = drug, parameters
        chosen = [model for model in drug.kinetics if model.default]
        self._models = [model for model in chosen if model.complete and not model.built_on]
        self._derived = [model for model in chosen if model.built_on]
        self._part = _platinum_part(drug, parameters) if any("platinum" in model.species for model in chosen) else 1.0
        self._courses = {model.id: Course(self._disposition(model)) for model in self._models}
        self._time: list[float] = [0.0]
        self._levels: dict[str, list[float]] = {model.id: [0.0] for model in chosen}
        free = next((model for model in self._models if model.species != "total-platinum"), None)
        self._free = None if free is None else self._courses[free.id]
        self._unbound = 1.0 if free is None else self._number(free, "unbound_share", 1.0)

    def _number(self, model: KineticModel, name: KineticName, otherwise: float) -> float:
        figure = model.parameters.get(name)
        return otherwise if figure is None else self._numbers.take(f"{self.drug.id}.{model.id}.{name}", figure)

    def _disposition(self, model: KineticModel) -> Disposition:
        found = {field: self._number(model, name, 0.0) for name, field in FIELDS.items() if name in model.parameters}
        return Disposition(**{"clearance": 0.0, **found}, **self._binding(model))

    def _binding(self, model: KineticModel) -> dict[str, float]:
        bound = next((one for one in self._derived if one.built_on == model.id and "binding_rate" in one.parameters), None)
        if bound is None:
            return {}
        return {"binding": self._number(bound, "binding_rate", 0.0), "bound_loss": self._number(bound, "bound_loss_rate", 0.0)}

    @property
    def known(self) -> bool:
        """Whether the drug's file holds a model."""
        return bool(self._models)

    @property
    def free_mg_per_m3(self) -> float:
        """What tissue sees of the drug in plasma."""
        return 0.0 if self._free is None else 1000.0 * self._unbound * self._free.value / self._part

    def step(self, seconds: float, mg_per_s: float) -> None:
        """Take up what the tissue gives in a step."""
        hours = seconds / 3600
        self._time.append(self._time[-1] + hours)
        for model in self._models:
            self._levels[model.id].append(self._courses[model.id].step(hours, self._part * mg_per_s * 3600))
        for model in self._derived:
            course = self._courses[model.built_on]
            self._levels[model.id].append(self._total(model, course))

    def _total(self, model: KineticModel, course: Course) -> float:
        if "free_share_floor" not in model.parameters:
            return course.value + course.bound
        fast, rate = self._number(model, "free_share_fast", 0.0), self._number(model, "free_share_rate", 0.0)
        floor = self._number(model, "free_share_floor", 1.0)
        return float(course.value / (fast * np.exp(-rate * self._time[-1]) + floor))

    def curves(self, cavity_auc_mg_h_per_l: float) -> tuple[PlasmaCurve, ...]:
        """The curve of each default model."""
        time = np.array(self._time)
        found: list[PlasmaCurve] = []
        for model in (*self._models, *self._derived):
            level = np.array(self._levels[model.id])
            area = float(np.trapezoid(level, time))
            ratio = self._part * cavity_auc_mg_h_per_l / area if area > 0 else None
            found.append(PlasmaCurve(self.drug.id, model.species, model.id, time, level, ratio))
        return tuple(found)

    @property
    def refusal(self) -> str:
        """What to tell where no curve can be made; empty where one can."""
        return "" if self.known else f"{self.drug.name}: no plasma model with a source, so its blood level is not computed"


def _platinum_part(drug: Drug, parameters: Parameters) -> float:
    return parameters.own("platinum_mass") / parameters.take(f"{drug.id}.molar_mass", drug.molar_mass)
