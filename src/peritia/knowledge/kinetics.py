"""How a drug moves: transport through tissue, absorption from the cavity, compartments in blood. Numbers for the physics."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from peritia.knowledge.figure import Figure, expect_unit

TransportName = Literal[
    "diffusion_tissue", "diffusion_tumour", "loss_rate", "penetration_length", "cavity_absorption_rate", "cavity_half_life",
    "bound_retardation", "auc_ratio_peritoneum_plasma", "ic50_37c", "ic50_43c", "ic50_slope_per_kelvin",
]  # fmt: skip
TRANSPORT_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "diffusion_tissue": "m2/s",
        "diffusion_tumour": "m2/s",
        "loss_rate": "1/s",
        "penetration_length": "um",
        "cavity_absorption_rate": "1/h",
        "cavity_half_life": "min",
        "bound_retardation": "1",
        "auc_ratio_peritoneum_plasma": "1",
        "ic50_37c": "umol/L",
        "ic50_43c": "umol/L",
        "ic50_slope_per_kelvin": "1/K",
    }
)
"""diffusion: D in tissue. loss_rate: k, blood clearance and uptake together. penetration_length: sqrt(D / k). ic50: one hour's exposure."""

KineticName = Literal[
    "absorption_rate", "clearance", "peritoneal_clearance", "central_volume", "exchange", "peripheral_volume", "steady_state_volume",
    "second_exchange", "second_volume", "maximal_elimination", "half_elimination", "maximal_exchange", "half_exchange", "binding_rate",
    "bound_loss_rate", "free_share_fast", "free_share_rate", "free_share_floor", "unbound_share",
]  # fmt: skip
KINETIC_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "absorption_rate": "1/h",
        "clearance": "L/h",
        "peritoneal_clearance": "L/h",
        "central_volume": "L",
        "exchange": "L/h",
        "peripheral_volume": "L",
        "steady_state_volume": "L",
        "second_exchange": "L/h",
        "second_volume": "L",
        "maximal_elimination": "mg/h",
        "half_elimination": "mg/L",
        "maximal_exchange": "mg/h",
        "half_exchange": "mg/L",
        "binding_rate": "1/h",
        "bound_loss_rate": "1/h",
        "free_share_fast": "1",
        "free_share_rate": "1/h",
        "free_share_floor": "1",
        "unbound_share": "1",
    }
)
"""exchange: with the first peripheral compartment; second: with another. maximal, half: Michaelis and Menten. binding_rate: bound value
formed per free value and hour. free_share: free over total t after the dose, fast exp(-rate t) + floor. unbound_share: what tissue sees."""
Species = Literal["drug", "total-platinum", "ultrafiltrable-platinum"]


class KineticModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published or fitted compartment model. ``setting`` says for which treatment it holds, ``structure`` how it is built.

    ``built_on`` names the model of the free species from which this one (total) follows.
    """

    id: str
    setting: str
    species: Species
    structure: str
    parameters: dict[KineticName, Figure]
    default: bool = False
    built_on: str = ""

    def __post_init__(self) -> None:
        for name, figure in self.parameters.items():
            expect_unit(name, figure, KINETIC_UNITS[name])

    @property
    def complete(self) -> bool:
        """Whether a curve can be made of it: a central volume and a way out."""
        return "central_volume" in self.parameters and bool({"clearance", "maximal_elimination"} & set(self.parameters))


class Observation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measured amount, concentration or depth that a model should meet. ``setting`` gives dose, bath, minutes, temperature."""

    what: str
    setting: str
    figure: Figure


def expect_transport_units(transport: Mapping[TransportName, Figure]) -> None:
    """Refuse a transport number in another unit than its own."""
    for name, figure in transport.items():
        expect_unit(name, figure, TRANSPORT_UNITS[name])
