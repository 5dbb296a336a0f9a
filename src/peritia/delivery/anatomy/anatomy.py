# SciPy, scikit-image and nibabel ship no types.
# pyright: basic
"""``Anatomy``: the cavity, its peritoneum as area-true triangles, thirteen regions. Frozen; made once, simulated many times."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.anatomy.cavity import CavityRule, open_cavity
from peritia.delivery.anatomy.labels import read_labels
from peritia.delivery.anatomy.parametric import parametric_abdomen
from peritia.delivery.anatomy.regions import pci_regions
from peritia.delivery.anatomy.surface import Surface, contour, tissue_behind
from peritia.delivery.anatomy.tissues import Landmarks, Tissue, TissueVolume

Fill = Literal["gas", "liquid"]


@dataclass(frozen=True)
class Anatomy:
    """``open[x, y, z]``: True where gas or liquid is; ``labels``: ``Tissue`` of every closed voxel. Axes right, anterior, superior; SI.

    ``surface`` is what can be reached from the cavity. Folds that lie closed at this voxel size are not in it: the anatomical peritoneum
    (about 1.4 m2) is larger by the factor ``fold_factor``, which counts mesentery and closed loops and is stated with every result.
    """

    open: NDArray[np.bool_]
    labels: NDArray[np.uint8]
    spacing_m: float
    origin_m: tuple[float, float, float]
    surface: Surface
    landmarks: Landmarks
    fill: Fill
    lift_m: float
    name: str
    notes: tuple[str, ...]

    @classmethod
    def parametric(
        cls,
        *,
        sex: Literal["female", "male"],
        height_cm: float,
        weight_kg: float,
        girth_cm: float | None = None,
        fill: Fill,
        volume_l: float,
        spacing_m: float = 0.004,
        rule: CavityRule | None = None,
    ) -> Self:
        """The shipped abdomen for this build, inflated or filled to ``volume_l`` litres."""
        tissues = parametric_abdomen(sex=sex, height_cm=height_cm, weight_kg=weight_kg, girth_cm=girth_cm, spacing_m=spacing_m)
        name = f"parametric {sex}, {height_cm:g} cm, {weight_kg:g} kg"
        return cls.from_tissues(tissues, name=name, fill=fill, volume_l=volume_l, rule=rule)

    @classmethod
    def from_labels(
        cls, volume: Path, table: Path, *, fill: Fill, volume_l: float, spacing_m: float = 0.004, rule: CavityRule | None = None
    ) -> Self:
        """Any label volume (NIfTI) with its table. Raises ``LabelsRefused`` with what is needed."""
        tissues = read_labels(volume, table, spacing_m=spacing_m)
        return cls.from_tissues(tissues, name=volume.name, fill=fill, volume_l=volume_l, rule=rule)

    @classmethod
    def from_tissues(cls, tissues: TissueVolume, *, name: str, fill: Fill, volume_l: float, rule: CavityRule | None = None) -> Self:
        """A cavity in a tissue volume, with its surface and regions."""
        cavity = open_cavity(tissues, fill=fill, volume_l=volume_l, rule=rule)
        vertices, faces, area, normal, centre = contour(cavity.open, tissues.spacing_m, tissues.origin_m)
        tissue = tissue_behind(cavity.labels, centre, tissues.spacing_m, tissues.origin_m)
        region = pci_regions(centre, tissue, tissues.landmarks)
        return cls(
            open=cavity.open,
            labels=cavity.labels,
            spacing_m=tissues.spacing_m,
            origin_m=tissues.origin_m,
            surface=Surface(vertices, faces, area, normal, centre, tissue, region),
            landmarks=tissues.landmarks,
            fill=fill,
            lift_m=cavity.lift_m,
            name=name,
            notes=cavity.notes,
        )

    @property
    def volume_m3(self) -> float:
        """Volume of the cavity, m3."""
        return float(np.count_nonzero(self.open)) * self.spacing_m**3

    def fold_factor(self, anatomical_area_m2: float) -> float:
        """Anatomical peritoneum over the surface that is open here."""
        return anatomical_area_m2 / self.surface.area_m2

    def region_area_m2(self) -> NDArray[np.float64]:
        """Open surface of each PCI region 0..12, m2."""
        return np.asarray(np.bincount(self.surface.region, weights=self.surface.area, minlength=13), np.float64)

    def fingerprint(self) -> str:
        """SHA-256 over the cavity, the labels and the grid: the same anatomy has the same one."""
        digest = sha256(np.packbits(self.open).tobytes())
        digest.update(self.labels.tobytes())
        digest.update(repr((self.spacing_m, self.origin_m, self.open.shape, self.fill)).encode())
        return digest.hexdigest()

    def voxel(self, point_m: tuple[float, float, float]) -> tuple[int, int, int]:
        """The voxel that holds a point; may lie outside the volume."""
        index = np.rint((np.asarray(point_m) - np.asarray(self.origin_m)) / self.spacing_m).astype(int)
        return int(index[0]), int(index[1]), int(index[2])

    def tissue_at(self, point_m: tuple[float, float, float]) -> Tissue | None:
        """What is at a point: ``None`` in the open cavity."""
        index = self.voxel(point_m)
        if any(not 0 <= i < n for i, n in zip(index, self.open.shape, strict=True)):
            return Tissue.OUTSIDE
        return None if self.open[index] else Tissue(int(self.labels[index]))
