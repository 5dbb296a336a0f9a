# SciPy, scikit-image and nibabel ship no types.
# pyright: basic
"""A label volume of a real abdomen (NIfTI and its label table) as tissue classes on cubic voxels.

Axes may be in any order or direction, voxels may be anisotropic or oblique: the volume is turned to right-anterior-superior and resampled
(nearest label) where it has to be. What is missing is refused by name; what is cut off is closed and noted.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import nibabel
import numpy as np
import yaml
from nibabel.filebasedimages import ImageFileError
from nibabel.processing import resample_to_output
from numpy.typing import NDArray

from peritia.delivery.anatomy.errors import LabelsRefused
from peritia.delivery.anatomy.tissues import INTRAPERITONEAL, Landmarks, Tissue, TissueVolume

MAX_VOXELS = 60_000_000


@lru_cache(maxsize=1)
def _structures() -> tuple[dict[str, Tissue], tuple[str, ...]]:
    text = files("peritia.delivery.anatomy").joinpath("structures.yaml").read_text(encoding="utf-8")
    table = yaml.safe_load(text)
    required = tuple(table.pop("required"))
    return {name: Tissue[tissue] for tissue, names in table.items() for name in (*names, tissue.lower())}, required


def read_labels(volume: Path, table: Path, *, spacing_m: float = 0.003) -> TissueVolume:
    """The label volume at ``volume`` with the tab-separated ``table`` (columns ``label`` and ``structure``), at cubic ``spacing_m``.

    Raises ``LabelsRefused`` for a file that is not a three-dimensional label volume, a table without the columns, an implausible voxel
    size, or an abdomen without the organs that a cavity needs.
    """
    names = _read_table(table)
    image = _read_volume(volume)
    turned = nibabel.as_closest_canonical(image)  # pyright: ignore
    labels, affine = _cubic(turned, spacing_m)
    present = {names[int(value)] for value in np.unique(labels) if int(value) in names}
    _refuse_missing(present)
    known, _ = _structures()
    lookup = np.zeros(256, np.uint8)
    for value, name in names.items():
        lookup[value] = known.get(name, Tissue.WALL)
    tissues = lookup[labels]
    padded, origin = _room_in_front(tissues, affine, spacing_m)
    notes = _notes(image, names, present, np.asarray(turned.dataobj))  # pyright: ignore
    return TissueVolume(padded, spacing_m, origin, _landmarks(labels, names, affine, spacing_m), notes)


def _read_table(path: Path) -> dict[int, str]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    if not rows or not {"label", "structure"} <= set(rows[0]):
        raise LabelsRefused(f"Found no columns 'label' and 'structure' in {path.name}", "a tab-separated label table with both")
    return {int(row["label"]): row["structure"].strip() for row in rows}


def _read_volume(path: Path):
    try:
        image = nibabel.load(path)  # pyright: ignore
    except (ImageFileError, OSError, EOFError) as error:
        raise LabelsRefused(
            f"Found that {path.name} cannot be read as an image", "a NIfTI label volume", str(type(error).__name__)
        ) from None
    if len(image.shape) != 3:  # pyright: ignore
        raise LabelsRefused(f"Found {len(image.shape)} dimensions in {path.name}", "a volume of three dimensions")  # pyright: ignore
    if int(np.prod(image.shape)) > MAX_VOXELS:  # pyright: ignore
        found = int(np.prod(image.shape))  # pyright: ignore
        raise LabelsRefused(f"Found {found:,} voxels", f"at most {MAX_VOXELS:,}", "crop the volume to the abdomen")
    zooms = np.asarray(image.header.get_zooms()[:3], float)  # pyright: ignore
    if not (np.all(zooms > 0.2) and np.all(zooms < 12)):
        raise LabelsRefused(f"Found voxels of {' x '.join(f'{z:g}' for z in zooms)} mm", "0.2 to 12 mm", "check the unit of the header")
    return image


def _cubic(turned, spacing_m: float) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Cubic voxels, nearest label. Left as it is where it is so already."""
    millimetres = spacing_m * 1000.0
    linear = turned.affine[:3, :3]  # pyright: ignore
    if not np.allclose(linear, np.diag(np.full(3, millimetres)), atol=1e-3):
        turned = resample_to_output(turned, voxel_sizes=(millimetres,) * 3, order=0)  # pyright: ignore
    labels = np.asarray(turned.dataobj)  # pyright: ignore
    if not np.allclose(labels, np.rint(labels)) or labels.min() < 0 or labels.max() > 255:
        raise LabelsRefused("Found values that are not labels", "whole numbers from 0 to 255", "give the label volume, not the scan")
    return labels.astype(np.uint8), np.asarray(turned.affine, float)  # pyright: ignore


def _refuse_missing(present: set[str]) -> None:
    known, required = _structures()
    missing = [name for name in required if name not in present and known[name].name.lower() not in present]
    if missing:
        raise LabelsRefused(
            f"Found no {', '.join(missing).replace('_', ' ')} among the labels",
            f"at least {', '.join(required).replace('_', ' ')}",
            "label these organs, or check that the table belongs to the volume",
        )


def _room_in_front(
    tissues: NDArray[np.uint8], affine: NDArray[np.float64], spacing_m: float
) -> tuple[NDArray[np.uint8], tuple[float, float, float]]:
    """Room for the lifted wall in front, for the gap at the sides, and above a cut dome."""
    before, after = (4, 0, 4), (4, int(0.14 / spacing_m), int(0.03 / spacing_m))
    padded = np.pad(tissues, list(zip(before, after, strict=True)))
    origin = affine[:3, 3] / 1000.0 - spacing_m * np.asarray(before)
    return padded, (float(origin[0]), float(origin[1]), float(origin[2]))


def _landmarks(labels: NDArray[np.uint8], names: dict[int, str], affine: NDArray[np.float64], spacing_m: float) -> Landmarks:
    """Costal margin from the lowest rib, iliac spine from the front of the hip bones; else from the extent of the organs."""
    ids = {name: value for value, name in names.items()}

    def voxels(*wanted: str) -> NDArray[np.int64]:
        chosen = [ids[name] for name in wanted if name in ids]
        return np.argwhere(np.isin(labels, chosen)) if chosen else np.empty((0, 3), np.int64)

    known, _ = _structures()
    organs = voxels(*(name for name in ids if known.get(name, Tissue.WALL) in INTRAPERITONEAL))
    ribs = voxels(*(name for name in ids if name.startswith("rib_")))
    hips = voxels("hip_left", "hip_right")
    low, high = organs[:, 2].min(), organs[:, 2].max()
    costal = ribs[:, 2].min() if len(ribs) else low + 0.62 * (high - low)
    iliac = hips[hips[:, 1] >= np.quantile(hips[:, 1], 0.98), 2].max() if len(hips) else low + 0.34 * (high - low)
    left, right = np.quantile(organs[:, 0], [0.005, 0.995])

    def metres(index: float, axis: int) -> float:
        return float(affine[axis, 3] / 1000.0 + spacing_m * index)

    return Landmarks(metres(costal, 2), metres(iliac, 2), metres(0.5 * (left + right), 0), float(0.5 * (right - left) * spacing_m))


def _notes(image, names: dict[int, str], present: set[str], labels: NDArray[np.uint8]) -> tuple[str, ...]:
    notes: list[str] = []
    axes = "".join(nibabel.aff2axcodes(image.affine))  # pyright: ignore
    zooms = image.header.get_zooms()[:3]  # pyright: ignore
    if axes != "RAS":
        notes.append(f"Axes {axes} turned to RAS")
    if not np.allclose(np.abs(image.affine[:3, :3]).max(axis=0), zooms, rtol=1e-3):  # pyright: ignore
        notes.append("Oblique axes resampled onto the straight ones (nearest label)")
    if max(zooms) - min(zooms) > 1e-3:
        notes.append(f"Voxels of {' x '.join(f'{float(z):g}' for z in zooms)} mm resampled to cubes (nearest label)")
    ids = {name: value for value, name in names.items()}
    for organ in ("liver", "spleen", "stomach"):
        if organ in present and np.any(labels[:, :, -1] == ids[organ]):
            notes.append(f"The {organ} is cut off at the top slice; the space above the cut is closed by the model's own dome")
    for organ in ("urinary_bladder", "colon"):
        if organ in present and np.any(labels[:, :, 0] == ids[organ]):
            notes.append(f"The {organ.replace('_', ' ')} is cut off at the lowest slice")
    if not any("peritone" in name or "mesenter" in name for name in present):
        notes.append("No peritoneum or mesentery among the labels: the unnamed tissue between intraperitoneal organs counts as mesentery")
    return tuple(notes)
