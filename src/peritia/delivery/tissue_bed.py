"""What a column of tissue does with drug at each depth: carried by water that pressure drives in, exchanged with blood, taken up by cells.

    flow      q(x) = u of ``physics.interstitial_pressure``: cavity pressure against where filtration equals lymph drainage
    blood     N = from C_p - to C of ``physics.capillary``: P S/V = (1 - kept) k w/w0, with the water that capillaries take or give
    lymph     L p(x) C, to blood;    cells   kept k C, for good

k is the drug's measured loss, ``kept`` the share of it that stays in cells, w/w0 the blood flow under the cavity's pressure
(``physics.perfusion``). ``pressed`` holds during the session, ``rested`` after it: no flow, vessels at their own balance. A sphere is a
tumour nodule: its tissue, its radius. SI units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.provenance import Parameters
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue
from peritia.numerics import Profile, graded_edges
from peritia.physics import capillary, interstitial_pressure, perfusion
from peritia.physics.capillary import Vessels

Array = NDArray[np.float64]
FIRST_CELL_M = 1.0e-5
CELLS = 70
PASCAL_PER_MMHG = 133.322


@dataclass(frozen=True, eq=False)
class Bed:
    """Rates at the nodes of a column (1/s): ``to_cells``, ``to_blood``, ``from_blood``, ``to_lymph``; ``flow`` through its faces (m/s)."""

    edges: Array
    diffusivity: float
    flow: Array
    to_cells: Array
    to_blood: Array
    from_blood: Array
    to_lymph: Array
    radius: float = np.inf

    @property
    def profile(self) -> Profile:
        """As ``numerics.Columns`` wants it: exchange against the plasma value, all else a sink."""
        sphere = np.isfinite(self.radius)
        sink = self.to_cells + self.to_lymph + self.to_blood - self.from_blood
        return Profile(
            self.edges, self.diffusivity, flow=self.flow, sink=sink, exchange=self.from_blood, shape=2 if sphere else 0, radius=self.radius
        )

    @property
    def seepage(self) -> float:
        """Water through the surface, m/s, inwards positive."""
        return float(self.flow[0])


@dataclass(frozen=True)
class Ground:
    """Vessels and hydraulic conductivity (m2/(Pa s)) of a tissue."""

    vessels: Vessels
    conductivity: float

    @property
    def exchange(self) -> float:
        """L_p S/V + L, 1/(Pa s)."""
        return self.vessels.conductance + self.vessels.lymph

    @property
    def balance(self) -> float:
        """Pressure far from any surface, Pa."""
        return capillary.balance_pressure(self.vessels) if self.exchange > 0 else 0.0


def ground(tissue: str, parameters: Parameters) -> Ground:
    """A tissue's file, for water."""
    own = shipped("tissues", tissue, Tissue).properties

    def number(name: str) -> float:
        return parameters.take(f"{tissue}.{name}", own.get(name))  # pyright: ignore[reportArgumentType,reportCallIssue]

    vessels = Vessels(
        number("vessel_permeability"), number("vessel_area"), number("vascular_pressure"), number("plasma_oncotic_pressure"),
        number("interstitial_oncotic_pressure"), number("reflection"), number("lymph_drainage"),
    )  # fmt: skip
    return Ground(vessels, number("hydraulic_conductivity"))


def beds(
    diffusivity: float, loss: float, kept: float, pressure_mmhg: float, own: Ground, parameters: Parameters, *, depth_m: float
) -> tuple[Bed, Bed]:
    """The tissue under the peritoneum, pressed and rested."""
    edges = graded_edges(FIRST_CELL_M, depth_m, CELLS)
    middle = 0.5 * (edges[1:] + edges[:-1])
    length = float(interstitial_pressure.reach(own.conductivity, own.exchange))
    cavity = pressure_mmhg * PASCAL_PER_MMHG
    flow = np.asarray(interstitial_pressure.velocity(edges, length, own.conductivity, own.balance, cavity))
    pressure = np.asarray(interstitial_pressure.surface_pressure(middle, length, own.balance, cavity))
    share = blood_flow(pressure_mmhg, parameters)
    still = np.full(len(middle), own.balance)
    return (
        _bed(edges, diffusivity, loss, kept, flow, pressure, share, own, parameters),
        _bed(edges, diffusivity, loss, kept, np.zeros(len(edges)), still, 1.0, own, parameters),
    )


def nodule_bed(
    diffusivity: float, loss: float, kept: float, cavity_mmhg: float, own: Ground, effective: float, radius: float, parameters: Parameters
) -> Bed:
    """A sphere of tumour with its own pressure ``effective`` (Pa) in a cavity under pressure; filtration alone, no lymph."""
    edges = graded_edges(min(FIRST_CELL_M, radius / CELLS), radius, CELLS)
    middle = 0.5 * (edges[1:] + edges[:-1])
    a = float(interstitial_pressure.modulus(radius, own.vessels.conductance, own.conductivity))
    cavity = cavity_mmhg * PASCAL_PER_MMHG
    inwards = -np.asarray(interstitial_pressure.sphere_velocity(1 - edges / radius, radius, a, own.conductivity, effective, cavity))
    inwards[-1] = 0.0  # the centre
    pressure = np.asarray(interstitial_pressure.sphere_pressure(1 - middle / radius, a, effective, cavity))
    shifted = pressure - effective + own.vessels.effective_pressure  # filtration counts from the given pressure
    share = blood_flow(cavity_mmhg, parameters)
    return _bed(edges, diffusivity, loss, kept, inwards, shifted, share, own, parameters, radius)


def blood_flow(pressure_mmhg: float, parameters: Parameters) -> float:
    """Blood flow under the cavity's pressure over that without."""
    return float(perfusion.under_pressure(pressure_mmhg, parameters.own("blood_flow_fall")))


def _bed(
    edges: Array, diffusivity: float, loss: float, kept: float, flow: Array, pressure: Array, share: float, own: Ground,
    parameters: Parameters, radius: float = np.inf,
) -> Bed:  # fmt: skip
    filtrate = np.asarray(capillary.filtration(own.vessels, pressure))
    given, taken = capillary.exchange_rates(filtrate, (1 - kept) * loss * share, parameters.own("drug_reflection"))
    lymph = np.asarray(capillary.drainage(own.vessels, pressure))
    return Bed(edges, diffusivity, flow, np.full(len(pressure), kept * loss), np.asarray(taken), np.asarray(given), lymph, radius)
