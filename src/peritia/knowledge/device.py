"""A device that turns liquid into aerosol, or charges it: droplets, cone, limits, as measured on a bench."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.knowledge.claim import Claim
from peritia.knowledge.figure import Figure, expect_unit
from peritia.sources import Citation, Status, cite


class Droplets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Volume-weighted droplet size in um for one liquid and setting; ``low`` and ``high`` of the figure are the interval of the source."""

    setting: str
    volume_median: Figure

    def __post_init__(self) -> None:
        expect_unit("volume_median", self.volume_median, "um")


class SizeMode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One log-normal part of a size distribution: share of volume, median in um, geometric standard deviation."""

    volume_share: float
    median_um: float
    geometric_sd: float


class SizeDistribution(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mixture of log-normal parts, by volume. Raises ``ValueError`` when the shares are not the whole."""

    modes: tuple[SizeMode, ...]
    source: str | tuple[str, ...]
    note: str = ""
    status: Status | None = None

    def __post_init__(self) -> None:
        if abs(sum(mode.volume_share for mode in self.modes) - 1) > 1e-9:
            raise ValueError("the volume shares of a size distribution add up to 1")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)


class Device(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One device. ``in_clinical_use`` is true only where a clinical source says so. Figures left out were not found.

    ``cone`` in degrees, ``footprint`` the stained circle in cm, ``inside_15_cm`` the share of liquid within 15 cm under the nozzle.
    """

    id: str = ""
    name: str
    kind: Literal["nozzle", "rotating-nozzle", "nano-aerosol", "electrostatic"]
    source: str | tuple[str, ...]
    in_clinical_use: bool
    droplets: tuple[Droplets, ...] = ()
    size_distribution: SizeDistribution | None = None
    cone: Figure | None = None
    footprint: Figure | None = None
    inside_15_cm: Figure | None = None
    above_3_um: Figure | None = None
    flow: Figure | None = None
    least_flow: Figure | None = None
    pressure: Figure | None = None
    hole_diameter: Figure | None = None
    voltage: Figure | None = None
    current: Figure | None = None
    exit_speed: Figure | None = None
    notes: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        for name, unit in _UNITS.items():
            expect_unit(name, getattr(self, name), unit)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source)


_UNITS: dict[str, str] = {
    "cone": "deg",
    "footprint": "cm",
    "inside_15_cm": "%",
    "above_3_um": "%",
    "flow": "mL/min",
    "least_flow": "mL/min",
    "pressure": "bar",
    "hole_diameter": "mm",
    "voltage": "kV",
    "current": "uA",
    "exit_speed": "m/s",
}
