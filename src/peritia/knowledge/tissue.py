"""A tissue or fluid as physics sees it: heat, perfusion, and the transport of water. SI units, each number with its source."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from peritia.knowledge.claim import Claim
from peritia.knowledge.figure import Figure, expect_unit
from peritia.sources import Citation, Status, cite

PropertyName = Literal[
    "density", "heat_capacity", "conductivity", "perfusion_mass", "perfusion_volume", "viscosity", "thermal_expansion", "prandtl",
    "vessel_permeability", "vessel_area", "hydraulic_conductivity", "vascular_pressure", "plasma_oncotic_pressure",
    "interstitial_oncotic_pressure", "reflection", "lymph_drainage", "effective_pressure", "film_conductance", "bath_heat_loss",
    "area", "thickness", "protein_retardation", "filtration", "wall_gradient", "first_millimetre_drop", "doubling_time", "cell_density",
]  # fmt: skip
PROPERTY_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "density": "kg/m3",
        "heat_capacity": "J/(kg.K)",
        "conductivity": "W/(m.K)",
        "perfusion_mass": "kg/(m3.s)",
        "perfusion_volume": "1/s",
        "viscosity": "Pa.s",
        "thermal_expansion": "1/K",
        "prandtl": "1",
        "vessel_permeability": "m/(Pa.s)",
        "vessel_area": "1/m",
        "hydraulic_conductivity": "m2/(Pa.s)",
        "vascular_pressure": "Pa",
        "plasma_oncotic_pressure": "Pa",
        "interstitial_oncotic_pressure": "Pa",
        "reflection": "1",
        "lymph_drainage": "1/(Pa.s)",
        "effective_pressure": "Pa",
        "film_conductance": "W/(m2.K)",
        "bath_heat_loss": "W/K",
        "area": "m2",
        "thickness": "um",
        "protein_retardation": "1",
        "filtration": "mL/(min.mm[Hg].m2)",
        "wall_gradient": "K/cm",
        "first_millimetre_drop": "K",
        "doubling_time": "d",
        "cell_density": "1/cm3",
    }
)


class PerfusionLaw(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Perfusion by temperature, in 1/s, T in C.

    gaussian-rise: w = base + rise exp(-(T - peak)^2 / width). power-fall: w = base - (T - start)^power / scale up to stop, then after.
    """

    kind: Literal["gaussian-rise", "power-fall"]
    coefficients: dict[str, float]
    source: str | tuple[str, ...]
    formula: str
    status: Status | None = None

    def __post_init__(self) -> None:
        needed = {"gaussian-rise": {"base", "rise", "peak", "width"}, "power-fall": {"base", "start", "power", "scale", "stop", "after"}}[
            self.kind
        ]
        if set(self.coefficients) != needed:
            raise ValueError(f"a {self.kind} law has the coefficients {', '.join(sorted(needed))}")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)


class Tissue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tissue or fluid. A property that is absent was not found; it is not zero."""

    id: str = ""
    name: str
    kind: Literal["tissue", "tumour", "fluid", "membrane"]
    source: str | tuple[str, ...]
    properties: dict[PropertyName, Figure]
    perfusion_law: PerfusionLaw | None = None
    notes: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        for name, figure in self.properties.items():
            expect_unit(name, figure, PROPERTY_UNITS[name])

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source)
