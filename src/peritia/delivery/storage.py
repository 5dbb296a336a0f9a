"""Save and load a delivery: one compressed NPZ with a schema version. Arrays as they are, everything else as JSON in it."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from peritia.delivery.delivery import Balance, Delivery, DrugMap, NoduleResult, Run, Surface
from peritia.delivery.errors import DeliveryRefused
from peritia.delivery.plan import HipecPlan, PipacPlan
from peritia.delivery.plasma import PlasmaCurve
from peritia.delivery.provenance import Used

SCHEMA = "peritia-delivery-file/1"


class _Drug(msgspec.Struct, frozen=True):
    drug: str
    dose_mg: float


class _Curve(msgspec.Struct, frozen=True):
    drug: str
    species: str
    model: str
    ratio: float | None


class _Nodule(msgspec.Struct, frozen=True):
    name: str
    drug: str
    region: int
    histology: str
    figures: dict[str, float | None]


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a delivery that is not an array."""

    schema: str
    kind: str
    plan: dict[str, Any]
    anatomy: str
    fingerprint: str
    fold_factor: float
    drugs: tuple[_Drug, ...]
    curves: tuple[_Curve, ...]
    absorbed_mg: dict[str, float]
    cavity_auc: dict[str, float]
    balances: tuple[Balance, ...]
    used: tuple[Used, ...]
    neglected: tuple[str, ...]
    notes: tuple[str, ...]
    run: Run
    numbers: dict[str, float]
    nodules: tuple[_Nodule, ...] = ()


def write_atomically(path: Path, data: bytes) -> None:
    """Write a whole file or none: beside its place first, then moved onto it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def save(delivery: Delivery, path: Path) -> None:
    """Write the delivery to ``path`` (.npz)."""
    write_atomically(path, delivery_bytes(delivery))


def delivery_bytes(delivery: Delivery) -> bytes:
    """The file of a delivery."""
    head = _Head(
        schema=SCHEMA,
        kind=delivery.plan.kind,
        plan=msgspec.to_builtins(delivery.plan),
        anatomy=delivery.anatomy,
        fingerprint=delivery.fingerprint,
        fold_factor=delivery.surface.fold_factor,
        drugs=tuple(_Drug(one.drug, one.dose_mg) for one in delivery.drugs),
        curves=tuple(_Curve(one.drug, one.species, one.model, one.ratio) for one in delivery.plasma),
        absorbed_mg=dict(delivery.absorbed_mg),
        cavity_auc=dict(delivery.cavity_auc_mg_h_per_l),
        balances=delivery.balances,
        used=delivery.used,
        neglected=delivery.neglected,
        notes=delivery.notes,
        run=delivery.run,
        numbers={name: float(value) for name, value in delivery.numbers.items()},
        nodules=tuple(_nodule(one) for one in delivery.nodules),
    )
    arrays: dict[str, NDArray[Any]] = {"head": np.frombuffer(msgspec.json.encode(head), np.uint8)}
    arrays |= {f"surface.{name}": getattr(delivery.surface, name) for name in _arrays(Surface)}
    arrays |= {"temperature_c": delivery.temperature_c, "cem43_min": delivery.cem43_min}
    for index, one in enumerate(delivery.drugs):
        arrays |= {f"drug{index}.{name}": getattr(one, name) for name in _arrays(DrugMap)}
    for index, curve in enumerate(delivery.plasma):
        arrays |= {f"plasma{index}.time_h": curve.time_h, f"plasma{index}.mg_per_l": curve.mg_per_l}
    for index, one in enumerate(delivery.nodules):
        arrays |= {f"nodule{index}.{name}": getattr(one, name) for name in NODULE_ARRAYS}
    arrays |= {f"series.{name}": values for name, values in delivery.series.items()}
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # pyright: ignore[reportArgumentType]
    return stream.getvalue()


def load(path: Path) -> Delivery:
    """Read a delivery. Raises ``DeliveryRefused`` for a file of another kind, another version, or with parts missing."""
    try:
        with np.load(path, allow_pickle=False) as opened:
            arrays = {name: opened[name] for name in opened.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise DeliveryRefused(f"{path.name} cannot be read as a delivery: {error}", "a file that peritia simulate wrote") from None
    try:
        raw = msgspec.json.decode(arrays["head"].tobytes())
        found = raw.get("schema")
        if found != SCHEMA:
            raise DeliveryRefused(f"{path.name} has the schema '{found}'", SCHEMA, "simulate its plan again with this version")
        return _joined(msgspec.convert(raw, _Head), arrays)
    except (KeyError, msgspec.MsgspecError) as error:
        raise DeliveryRefused(f"{path.name} lacks or spoils a part: {error}", "a whole file", "simulate its plan again") from None


def _joined(head: _Head, arrays: Mapping[str, NDArray[Any]]) -> Delivery:
    surface = {name: arrays[f"surface.{name}"] for name in _arrays(Surface)}
    curves = tuple(
        PlasmaCurve(one.drug, one.species, one.model, arrays[f"plasma{index}.time_h"], arrays[f"plasma{index}.mg_per_l"], one.ratio)
        for index, one in enumerate(head.curves)
    )
    drugs = tuple(
        DrugMap(drug=one.drug, dose_mg=one.dose_mg, **{name: arrays[f"drug{index}.{name}"] for name in _arrays(DrugMap)})
        for index, one in enumerate(head.drugs)
    )
    return Delivery(
        plan=msgspec.convert(head.plan, PipacPlan if head.kind == "pipac" else HipecPlan),
        anatomy=head.anatomy,
        fingerprint=head.fingerprint,
        surface=Surface(**surface, fold_factor=head.fold_factor),
        drugs=drugs,
        temperature_c=arrays["temperature_c"],
        cem43_min=arrays["cem43_min"],
        plasma=curves,
        absorbed_mg=head.absorbed_mg,
        cavity_auc_mg_h_per_l=head.cavity_auc,
        balances=head.balances,
        used=head.used,
        neglected=head.neglected,
        notes=head.notes,
        run=head.run,
        numbers=head.numbers,
        series={name.removeprefix("series."): values for name, values in arrays.items() if name.startswith("series.")},
        nodules=tuple(_nodule_back(one, index, arrays) for index, one in enumerate(head.nodules)),
    )


NODULE_WORDS, NODULE_ARRAYS = ("name", "drug", "region", "histology"), ("depth_mm", "profile_mg_per_l", "exposure_mg_h_per_l")


def _nodule(one: NoduleResult) -> _Nodule:
    numbers = {each.name: float(getattr(one, each.name)) for each in fields(one) if each.name not in (*NODULE_WORDS, *NODULE_ARRAYS)}
    known = {name: None if np.isnan(value) else value for name, value in numbers.items()}
    return _Nodule(one.name, one.drug, one.region, one.histology, known)


def _nodule_back(one: _Nodule, index: int, arrays: Mapping[str, NDArray[Any]]) -> NoduleResult:
    numbers = {name: float("nan") if value is None else value for name, value in one.figures.items()}
    parts: dict[str, Any] = {"name": one.name, "drug": one.drug, "region": one.region, "histology": one.histology, **numbers}
    parts |= {name: arrays[f"nodule{index}.{name}"] for name in NODULE_ARRAYS}
    return NoduleResult(**parts)


def _arrays(type_: type[Surface] | type[DrugMap]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(type_) if each.name not in ("drug", "dose_mg", "fold_factor"))
