"""A delivery for other programs: VTP (ParaView, 3D Slicer), NIfTI, CSV tables."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.delivery import Delivery
from peritia.delivery.metrics import drug_metrics, region_table
from peritia.delivery.storage import write_atomically
from peritia.delivery.uncertainty import Uncertainty

Array = NDArray[np.float64]


def face_fields(delivery: Delivery) -> Mapping[str, Array]:
    """Every per-face quantity by name."""
    fields: dict[str, Array] = {
        "pci_region": delivery.surface.region.astype(np.float64),
        "temperature_c": delivery.temperature_c,
        "cem43_min": delivery.cem43_min,
    }
    for one in delivery.drugs:
        for name in (
            "landed_mg_per_m2", "taken_up_mg_per_m2", "first_mm_ug_per_g", "depth_half_mm", "depth_tenth_mm", "depth_ic50_mm",
        ):  # fmt: skip
            fields[f"{one.drug}.{name}"] = getattr(one, name)
    return fields


def vtp(delivery: Delivery) -> bytes:
    """The surface with all per-face quantities as VTK PolyData (XML, base64), lengths in millimetres."""
    surface = delivery.surface
    points, faces = 1e3 * surface.vertices, surface.faces
    cells = [_data("Float32", name, values.astype("<f4")) for name, values in face_fields(delivery).items()]
    offsets = 3 * np.arange(1, len(faces) + 1)
    return "\n".join(
        [
            '<?xml version="1.0"?>',
            '<VTKFile type="PolyData" version="1.0" byte_order="LittleEndian" header_type="UInt64">',
            f'<PolyData><Piece NumberOfPoints="{len(points)}" NumberOfPolys="{len(faces)}">',
            "<Points>", _data("Float32", "points_mm", points.astype("<f4"), 3), "</Points>",
            "<Polys>", _data("Int64", "connectivity", faces.astype("<i8").ravel()),
            _data("Int64", "offsets", offsets.astype("<i8")), "</Polys>",
            "<CellData>", *cells, "</CellData>",
            "</Piece></PolyData></VTKFile>\n",
        ]
    ).encode()  # fmt: skip


def _data(kind: str, name: str, values: NDArray[Any], components: int = 1) -> str:
    raw = np.ascontiguousarray(values).tobytes()
    body = base64.b64encode(np.uint64(len(raw)).tobytes() + raw).decode("ascii")
    return f'<DataArray type="{kind}" Name="{name}" NumberOfComponents="{components}" format="binary">{body}</DataArray>'


def regions_csv(delivery: Delivery) -> bytes:
    """The per-region table."""
    return _csv(asdict(row) for row in region_table(delivery))


def metrics_csv(delivery: Delivery) -> bytes:
    """The figures of each drug over the whole peritoneum."""
    return _csv(asdict(drug_metrics(delivery, one)) for one in delivery.drugs)


def parameters_csv(delivery: Delivery) -> bytes:
    """Every number used, with unit, sources and status."""
    return _csv(
        {
            "name": used.name, "value": used.value, "unit": used.unit, "low": used.low, "high": used.high,
            "sources": " ".join(used.sources), "status": used.status, "basis": used.basis, "how": used.how, "note": used.note,
        }
        for used in delivery.used
    )  # fmt: skip


def nodules_csv(delivery: Delivery) -> bytes:
    """Every drug in every nodule, one row a depth from the rim."""
    return _csv(
        {
            "nodule": one.name, "drug": one.drug, "region": one.region, "diameter_mm": one.diameter_mm, "depth_mm": f"{depth:.5g}",
            "mg_per_l_at_end": f"{level:.6g}", "exposure_mg_h_per_l": f"{exposure:.6g}",
        }
        for one in delivery.nodules
        for depth, level, exposure in zip(one.depth_mm, one.profile_mg_per_l, one.exposure_mg_h_per_l, strict=True)
    )  # fmt: skip


def plasma_csv(delivery: Delivery) -> bytes:
    """Plasma curves, one row a time."""
    return _csv(
        {"drug": curve.drug, "species": curve.species, "time_h": f"{time:.5f}", "mg_per_l": f"{level:.6g}"}
        for curve in delivery.plasma
        for time, level in zip(curve.time_h, curve.mg_per_l, strict=True)
    )


def balances_csv(delivery: Delivery) -> bytes:
    """Where everything went."""
    return _csv(
        {
            "of": balance.name,
            "part": part,
            "amount": f"{amount:.8g}",
            "unit": balance.unit,
            "whole": f"{balance.total:.8g}",
            "error": balance.error,
        }
        for balance in delivery.balances
        for part, amount in balance.parts.items()
    )


def bands_csv(found: Uncertainty) -> bytes:
    """Bands of an uncertainty run."""
    return _csv(asdict(band) for band in found.bands)


def influences_csv(found: Uncertainty) -> bytes:
    """What each varied parameter explains of each figure."""
    return _csv(asdict(one) for one in found.influences)


def _csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    stream = io.StringIO(newline="")
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(stream, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return stream.getvalue().encode("utf-8")


def _cell(value: Any) -> Any:
    """A value for a table. A text that a spreadsheet would run as a formula gets an apostrophe before it; a number stays one."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        try:
            float(value)
        except ValueError:
            return f"'{value}"
    return value


def nifti(delivery: Delivery, values: Array) -> bytes:
    """One per-face quantity as a volume: each voxel that faces pass through holds their mean by area, the others NaN. Axes RAS, mm."""
    import nibabel

    spacing = delivery.run.spacing_mm / 1000
    centre = delivery.surface.vertices[delivery.surface.faces].mean(axis=1)
    low = centre.min(axis=0) - spacing
    index = np.rint((centre - low) / spacing).astype(int)
    shape = tuple(int(n) + 2 for n in index.max(axis=0))
    flat = np.ravel_multi_index(tuple(index.T), shape)
    size = int(np.prod(shape))
    weight = np.bincount(flat, delivery.surface.area, minlength=size)
    total = np.bincount(flat, delivery.surface.area * np.nan_to_num(values), minlength=size)
    volume = np.full(size, np.nan)
    np.divide(total, weight, out=volume, where=weight > 0)
    affine = np.diag([1e3 * spacing] * 3 + [1.0])
    affine[:3, 3] = 1e3 * low
    image: Any = nibabel.Nifti1Image(volume.reshape(shape).astype(np.float32), affine)  # pyright: ignore
    image.header.set_xyzt_units("mm")
    return bytes(image.to_bytes())


def write_tables(delivery: Delivery, folder: Path) -> tuple[Path, ...]:
    """Tables and volumes into a folder."""
    made: dict[str, bytes] = {
        "regions.csv": regions_csv(delivery),
        "metrics.csv": metrics_csv(delivery),
        "parameters.csv": parameters_csv(delivery),
        "balances.csv": balances_csv(delivery),
        "surface.vtp": vtp(delivery),
    }
    if delivery.plasma:
        made["plasma.csv"] = plasma_csv(delivery)
    if delivery.nodules:
        made["nodules.csv"] = nodules_csv(delivery)
    for one in delivery.drugs:
        made[f"uptake-{one.drug}.nii"] = nifti(delivery, one.taken_up_mg_per_m2)
    for name, data in made.items():
        write_atomically(folder / name, data)
    return tuple(folder / name for name in made)
