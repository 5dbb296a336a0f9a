"""A plan: what one PIPAC or HIPEC session gives, as a file that two people can read and sign. Clinical units stand in the names."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
import yaml

from peritia.delivery.errors import PlanRefused
from peritia.documents import load_tree, read
from peritia.knowledge.drug import Carrier, Technique

FORMAT = "peritia-plan/1"
Vector = tuple[float, float, float]


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom the plan is for, as far as the simulation needs it. All three formulas are kept beside the body surface that was used."""

    sex: Literal["female", "male"]
    height_cm: float
    weight_kg: float
    girth_cm: float | None = None
    body_surface_m2: float
    mosteller_m2: float | None = None
    dubois_m2: float | None = None
    haycock_m2: float | None = None


class Dose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One drug of an aerosol: milligrams in its syringe. Order in the plan is the order of spraying."""

    drug: str
    dose_mg: float
    volume_ml: float
    carrier: Carrier | None = None
    ordered: str = ""


class Addition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a dose, put into the bath at a minute."""

    share: float
    at_minutes: float = 0.0


class BathDose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One drug of a bath."""

    drug: str
    dose_mg: float
    additions: tuple[Addition, ...] = (Addition(share=1.0),)
    ordered: str = ""

    def __post_init__(self) -> None:
        if abs(sum(part.share for part in self.additions) - 1) > 1e-9:
            raise ValueError("the additions are not the whole dose")


class Point(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tip and what it is aimed at, in cm along the axes right, anterior, superior."""

    tip_cm: Vector
    aim_cm: Vector


class Nodule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tumour nodule to follow, taken as a sphere under the liquid of its place: a PCI ``region`` (0 to 12) or coordinates.

    ``pressure_mmhg`` is the pressure of its own fluid; unless given, that of the tumour's file.
    """

    name: str
    diameter_mm: float
    region: int | None = None
    at_cm: Vector | None = None
    pressure_mmhg: float | None = None
    histology: str = ""

    def __post_init__(self) -> None:
        if not 0.05 <= self.diameter_mm <= 50:
            raise ValueError("diameter_mm of a nodule lies in 0.05 to 50")
        if (self.region is None) == (self.at_cm is None):
            raise ValueError("a nodule stands in a region or at coordinates, one of the two")
        if self.region is not None and not 0 <= self.region <= 12:
            raise ValueError("region of a nodule is a PCI region, 0 to 12")
        if self.pressure_mmhg is not None and not 0 <= self.pressure_mmhg <= 100:
            raise ValueError("pressure_mmhg of a nodule lies in 0 to 100")


Place = str | Point
"""In words ("left upper quadrant, 8 cm above bowel, aimed at pelvis") or as coordinates."""


class PipacPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One PIPAC session. ``hold_minutes`` counts from the end of spraying; ``drain`` says whether liquid is sucked out at the end.

    ``electrode`` and ``voltage_kv`` are those of an electrostatic session; unless given, the roomiest place and the device's voltage.
    """

    format: str = FORMAT
    kind: Literal["pipac"] = "pipac"
    title: str = ""
    regimen: str = ""
    body: Body
    device: str = "capnopen"
    drugs: tuple[Dose, ...]
    flow_ml_per_min: float
    pressure_mmhg: float
    hold_minutes: float
    gas_volume_l: float
    temperature_c: float = 37.0
    nozzle: Place = "epigastrium, aimed at bowel"
    electrostatic: bool = False
    electrode: Place | None = None
    voltage_kv: float | None = None
    drain: bool = False
    nodules: tuple[Nodule, ...] = ()
    seed: int = 1
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _positive(self, "flow_ml_per_min", "pressure_mmhg", "hold_minutes", "gas_volume_l")
        if self.voltage_kv is not None and not 0 < self.voltage_kv <= 20:
            raise ValueError("voltage_kv lies above 0 and at most 20")
        if not self.electrostatic and (self.electrode is not None or self.voltage_kv is not None):
            raise ValueError("electrode and voltage_kv belong to an electrostatic plan")
        if not self.drugs or any(one.dose_mg <= 0 or one.volume_ml <= 0 for one in self.drugs):
            raise ValueError("a PIPAC plan has at least one drug, each with a dose and a volume above zero")

    @property
    def liquid_ml(self) -> float:
        """All that is sprayed."""
        return sum(one.volume_ml for one in self.drugs)

    @property
    def spray_seconds(self) -> float:
        """How long the nozzle runs."""
        return 60.0 * self.liquid_ml / self.flow_ml_per_min


class HipecPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One HIPEC session. ``cooling_w`` is the heat taken from the body beyond its own production.

    The drug goes in after ``preheat_minutes``; ``minutes`` count from there. The bath starts at the core's temperature unless stated.
    """

    format: str = FORMAT
    kind: Literal["hipec"] = "hipec"
    title: str = ""
    regimen: str = ""
    body: Body
    drugs: tuple[BathDose, ...]
    carrier: Carrier | None = None
    bath_volume_l: float
    flow_ml_per_min: float
    inflow_temperature_c: float
    minutes: float
    technique: Technique
    starting_core_c: float
    cooling_w: float
    starting_bath_c: float | None = None
    preheat_minutes: float = 10.0
    inflows: tuple[Place, ...] = ("right upper quadrant, aimed at right diaphragm", "left lower quadrant, aimed at pelvis")
    outflows: tuple[Place, ...] = ("left upper quadrant, aimed at left diaphragm", "right lower quadrant, aimed at pelvis")
    pressure_mmhg: float = 5.0
    nodules: tuple[Nodule, ...] = ()
    seed: int = 1
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _positive(self, "bath_volume_l", "flow_ml_per_min", "minutes")
        if not self.inflows or not self.outflows:
            raise ValueError("a HIPEC plan has at least one inflow and one outflow catheter")
        if any(not 0 <= part.at_minutes < self.minutes for one in self.drugs for part in one.additions):
            raise ValueError("every addition lies in 0 to the minutes of perfusion")
        if not (30 <= self.inflow_temperature_c <= 50 and 30 <= self.starting_core_c <= 40):
            raise ValueError("inflow_temperature_c lies in 30 to 50, starting_core_c in 30 to 40")


Plan = PipacPlan | HipecPlan


def _positive(plan: msgspec.Struct, *names: str) -> None:
    wrong = [name for name in names if not getattr(plan, name) > 0]
    if wrong:
        raise ValueError(f"{', '.join(wrong)} above zero")


def read_plan(path_or_text: Path | str) -> Plan:
    """A plan file. Raises ``InputRefused`` with every problem, ``PlanRefused`` when it is no plan of this format."""
    tree, _ = load_tree(path_or_text)
    kind = tree.get("kind") if isinstance(tree, dict) else None
    found = tree.get("format") if isinstance(tree, dict) else None
    if found != FORMAT or kind not in ("pipac", "hipec"):
        raise PlanRefused(
            f"Found format '{found}', kind '{kind}'", f"format {FORMAT}, kind pipac or hipec", "make one: peritia plan --help"
        )
    return read(path_or_text, PipacPlan) if kind == "pipac" else read(path_or_text, HipecPlan)


def plan_text(plan: Plan) -> str:
    """The plan as YAML, fields in the order of the session."""
    head = "# Research and education only: not a medical device. Two people check every line against the protocol.\n"
    return head + yaml.safe_dump(msgspec.to_builtins(plan), sort_keys=False, allow_unicode=True, width=120)
