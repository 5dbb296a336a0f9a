"""Where a reading of the session may lie: from the knowledge file, the regimen, and the device where it is stricter."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from peritia.course.wording import unit
from peritia.knowledge.device import Device
from peritia.knowledge.figure import Figure
from peritia.knowledge.regimen import Regimen
from peritia.knowledge.session_check import Reading

PSI_PER_BAR = 1e5 / 6894.757293168
"""1 bar = 100 kPa and 1 psi = 6.894757 kPa, by definition of the units."""


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """``low`` to ``high`` in ``unit`` for a value recorded as ``record`` at ``step`` (empty: on the run sheet).

    ``hard``: a step with a reading outside is not signed. ``because`` says what a reading outside means.
    """

    record: str
    step: str
    unit: str
    low: float | None
    high: float | None
    hard: bool
    because: str
    sources: tuple[str, ...]

    def holds(self, value: float) -> bool:
        """Whether a reading lies within, borders included."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    @property
    def text(self) -> str:
        """The range in words."""
        written = unit(self.unit)
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g} {written}"
        return f"at most {self.high:g} {written}" if self.high is not None else f"at least {self.low:g} {written}"


def limits(readings: Iterable[Reading], regimen: Regimen, device: Device | None) -> tuple[Limit, ...]:
    """Every limit of a session. The regimen's figure replaces the file's; the device's counts where it is lower."""
    return tuple(limit for reading in readings if (limit := _limit(reading, regimen, device)) is not None)


def _limit(reading: Reading, regimen: Regimen, device: Device | None) -> Limit | None:
    figure = reading.figure
    stated: Figure | None = getattr(regimen, reading.from_regimen) if reading.from_regimen else None
    if stated is not None and stated.known:
        figure = stated
    low, high = _range(figure, reading)
    sources = [str(one) for one in figure.citations]
    of_device: Figure | None = getattr(device, reading.from_device) if device is not None and reading.from_device else None
    border = _in_unit(of_device, figure.unit)
    if border is not None and of_device is not None and (high is None or border < high):
        high, sources = border, [str(one) for one in of_device.citations]
    if low is None and high is None:
        return None
    return Limit(
        record=reading.record,
        step=reading.step,
        unit=figure.unit,
        low=low,
        high=high,
        hard=reading.hard,
        because=reading.because,
        sources=tuple(sources),
    )


def _range(figure: Figure, reading: Reading) -> tuple[float | None, float | None]:
    if reading.role == "ceiling":
        return None, figure.high if figure.high is not None else figure.value
    if figure.low is not None or figure.high is not None:
        return figure.low, figure.high
    if figure.value is None or reading.tolerance is None or reading.tolerance.value is None:
        return None, None
    return figure.value - reading.tolerance.value, figure.value + reading.tolerance.value


def _in_unit(figure: Figure | None, wanted: str) -> float | None:
    """The most a device bears, in the unit ``wanted``; pressures of nozzles stand in bar, those of injectors in psi."""
    if figure is None:
        return None
    most = figure.high if figure.high is not None else figure.value
    if most is None or figure.unit == wanted:
        return most
    return most * PSI_PER_BAR if (figure.unit, wanted) == ("bar", "[psi]") else None
