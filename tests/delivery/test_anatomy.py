"""The abdomen: volumes met, areas true, regions and placements where they belong."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import nibabel
import numpy as np
import pytest

from peritia.delivery.anatomy import (
    Anatomy,
    CavityNotReached,
    EmptyCavity,
    LabelsRefused,
    Landmarks,
    PlacementRefused,
    Tissue,
    TissueVolume,
    place,
    place_at,
)
from peritia.delivery.anatomy.cavity import open_cavity
from peritia.delivery.anatomy.surface import contour
from peritia.errors import PeritiaError


@lru_cache(maxsize=4)
def woman(fill: str = "gas", volume_l: float = 3.5) -> Anatomy:
    return Anatomy.parametric(sex="female", height_cm=165, weight_kg=65, fill=fill, volume_l=volume_l, spacing_m=0.005)  # pyright: ignore


@pytest.mark.parametrize("radius", [5, 8, 12, 20])
def test_v22_surface_of_a_sphere_is_area_true(radius: int) -> None:
    grid = np.indices((48, 48, 48)) - 23.5
    area = contour((grid**2).sum(axis=0) < radius**2, 1.0, (0.0, 0.0, 0.0))[2].sum()
    assert area == pytest.approx(4 * np.pi * radius**2, rel=0.03)


def test_v22_settling_flux_on_a_sphere_is_its_shadow() -> None:
    radius = 12
    grid = np.indices((48, 48, 48)) - 23.5
    _, _, area, normal, _ = contour((grid**2).sum(axis=0) < radius**2, 1.0, (0.0, 0.0, 0.0))
    floor = (area * np.clip(normal[:, 2], 0, None)).sum()  # normals point inwards, so the floor's point up
    assert floor == pytest.approx(np.pi * radius**2, rel=0.03)


@pytest.mark.parametrize("tilt_degrees", [0, 17, 33, 45])
def test_v22_a_tilted_slab_is_area_true(tilt_degrees: float) -> None:
    size, thickness = 80, 10
    x, y, z = np.indices((size, size, size)) - (size - 1) / 2
    tilt = np.radians(tilt_degrees)
    along, up = np.cos(tilt) * x + np.sin(tilt) * z, -np.sin(tilt) * x + np.cos(tilt) * z
    slab = (np.abs(up) < thickness) & (np.abs(along) < 24) & (np.abs(y) < 24)
    _, _, area, normal, _ = contour(slab, 1.0, (0.0, 0.0, 0.0))
    facing = np.abs(normal @ np.array([-np.sin(tilt), 0.0, np.cos(tilt)])) > 0.9
    assert area[facing].sum() == pytest.approx(2 * 48 * 48, rel=0.06)  # rounded edges take a strip of about a voxel


@pytest.mark.parametrize(("fill", "volume_l"), [("gas", 3.0), ("gas", 4.0), ("liquid", 2.5)])
def test_the_cavity_has_the_volume_asked_for(fill: str, volume_l: float) -> None:
    assert woman(fill, volume_l).volume_m3 == pytest.approx(volume_l / 1000, rel=0.01)


def test_liquid_reaches_more_bowel_than_gas() -> None:
    def bowel(anatomy: Anatomy) -> float:
        return float(anatomy.surface.area[anatomy.surface.tissue == Tissue.SMALL_BOWEL].sum())

    assert bowel(woman("liquid", 3.0)) > 1.5 * bowel(woman("gas", 3.5))


def test_all_thirteen_regions_have_surface() -> None:
    assert (woman().region_area_m2() > 0).all()


def test_regions_lie_where_they_are_named() -> None:
    surface = woman().surface
    not_bowel = surface.tissue != Tissue.SMALL_BOWEL
    right_upper, left_lower = (surface.region == 1) & not_bowel, (surface.region == 5) & not_bowel
    assert surface.centre[right_upper, 0].min() > 0  # the patient's right is the positive axis
    assert surface.centre[left_lower, 0].max() < 0
    assert surface.centre[right_upper, 2].min() > surface.centre[left_lower, 2].max()


def test_the_same_anatomy_has_the_same_fingerprint() -> None:
    again = Anatomy.parametric(sex="female", height_cm=165, weight_kg=65, fill="gas", volume_l=3.5, spacing_m=0.005)
    assert again.fingerprint() == woman().fingerprint() != woman("gas", 4.0).fingerprint()


def test_a_volume_that_cannot_be_met_is_refused_with_the_limit() -> None:
    with pytest.raises(CavityNotReached, match="its limit at 5 mm voxels is"):
        woman("gas", 20.0)
    with pytest.raises(CavityNotReached, match="at least"):
        woman("gas", 0.05)


def test_a_build_outside_the_proportions_is_refused() -> None:
    with pytest.raises(PeritiaError, match="140 to 210 cm"):
        Anatomy.parametric(sex="male", height_cm=120, weight_kg=60, fill="gas", volume_l=3)


def test_no_contents_is_an_empty_cavity() -> None:
    nothing = TissueVolume(np.ones((20, 20, 20), np.uint8), 0.005, (0.0, 0.0, 0.0), Landmarks(0, 0, 0, 0.1))
    with pytest.raises(EmptyCavity, match="check the label table"):
        open_cavity(nothing, fill="gas", volume_l=3)


@pytest.mark.parametrize("site", ["left upper quadrant", "right lower quadrant", "suprapubic", "epigastrium", "left flank"])
def test_every_usual_port_finds_its_place(site: str) -> None:
    assert woman().tissue_at(place(woman(), site).tip_m) is None


def test_a_port_by_name_lies_in_the_open_cavity_and_looks_where_it_is_aimed() -> None:
    placed = place(woman(), "umbilicus, 6 cm above bowel, aimed at pelvis")
    assert woman().tissue_at(placed.tip_m) is None
    assert placed.direction[2] < 0
    assert np.linalg.norm(placed.direction) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("moon", "one of: umbilicus"),
        ("umbilicus, aimed at the moon", "targets: pelvis"),
        ("umbilicus, 60 cm above bowel", "nearest valid tip"),
    ],
)
def test_a_placement_not_understood_or_not_possible_says_what_would_do(words: str, said: str) -> None:
    with pytest.raises(PlacementRefused, match=said):
        place(woman(), words)


def test_a_tip_in_the_liver_names_the_liver_and_the_nearest_place() -> None:
    anatomy = woman()
    voxel = np.argwhere(anatomy.labels == Tissue.LIVER)[1000]
    tip = tuple(float(c) for c in np.asarray(anatomy.origin_m) + voxel * anatomy.spacing_m)
    with pytest.raises(PlacementRefused, match=r"in the liver.*nearest valid tip"):
        place_at(anatomy, tip, (0.0, 0.0, 0.0))  # pyright: ignore


@pytest.fixture
def small_abdomen(tmp_path: Path) -> tuple[np.ndarray, Path]:
    """Blocks for the four organs that are needed, and their table."""
    labels = np.zeros((60, 50, 60), np.uint8)
    for value, block in {1: (30, 20, 40), 2: (14, 22, 40), 3: (22, 30, 34), 4: (25, 22, 20)}.items():
        i, j, k = block
        labels[i - 8 : i + 8, j - 8 : j + 8, k - 8 : k + 8] = value
    table = tmp_path / "labels.tsv"
    table.write_text("label\tstructure\n1\tliver\n2\tstomach\n3\tcolon\n4\tsmall_bowel\n", encoding="utf-8")
    return labels, table


def written(folder: Path, labels: np.ndarray, affine: np.ndarray) -> Path:
    path = folder / "labels.nii.gz"
    nibabel.save(nibabel.Nifti1Image(labels, affine), path)  # pyright: ignore
    return path


def open_small(path: Path, table: Path) -> Anatomy:
    return Anatomy.from_labels(path, table, fill="gas", volume_l=1.0, spacing_m=0.005)


def test_axes_in_any_direction_give_the_same_abdomen(tmp_path: Path, small_abdomen: tuple[np.ndarray, Path]) -> None:
    labels, table = small_abdomen
    straight = open_small(written(tmp_path, labels, np.diag([5.0, 5, 5, 1])), table)
    flipped_affine = np.array([[-5.0, 0, 0, 5 * 59], [0, 5, 0, 0], [0, 0, 5, 0], [0, 0, 0, 1]])
    flipped = open_small(written(tmp_path, labels[::-1], flipped_affine), table)
    assert "Axes LAS turned to RAS" in flipped.notes
    assert flipped.surface.area_m2 == pytest.approx(straight.surface.area_m2, rel=1e-6)


def test_anisotropic_and_oblique_voxels_are_resampled_and_said(tmp_path: Path, small_abdomen: tuple[np.ndarray, Path]) -> None:
    labels, table = small_abdomen
    thick = open_small(written(tmp_path, labels[:, :, ::2], np.diag([5.0, 5, 10, 1])), table)
    assert any("resampled to cubes" in note for note in thick.notes)
    turn = np.radians(8)
    oblique = np.array([[np.cos(turn), -np.sin(turn), 0, 0], [np.sin(turn), np.cos(turn), 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]) @ np.diag(
        [5.0, 5, 5, 1]
    )
    assert any("Oblique" in note for note in open_small(written(tmp_path, labels, oblique), table).notes)


def test_missing_organs_wrong_tables_and_scans_are_refused_by_name(tmp_path: Path, small_abdomen: tuple[np.ndarray, Path]) -> None:
    labels, table = small_abdomen
    path = written(tmp_path, np.where(labels == 4, 0, labels), np.diag([5.0, 5, 5, 1]))
    with pytest.raises(LabelsRefused, match="Found no small bowel"):
        open_small(path, table)
    with pytest.raises(LabelsRefused, match="not labels"):
        open_small(written(tmp_path, (labels * 1.5).astype(np.float32), np.diag([5.0, 5, 5, 1])), table)
    bad = tmp_path / "bad.tsv"
    bad.write_text("a\tb\n1\t2\n", encoding="utf-8")
    with pytest.raises(LabelsRefused, match="'label' and 'structure'"):
        open_small(path, bad)
    text = tmp_path / "text.nii.gz"
    text.write_text("not an image", encoding="utf-8")
    with pytest.raises(LabelsRefused, match="cannot be read"):
        open_small(text, table)


def test_a_real_abdomen_opens_and_says_what_is_cut(shared_data: Path) -> None:
    folder = shared_data / "abdomen-ct"
    anatomy = Anatomy.from_labels(folder / "labels.nii.gz", folder / "labels.tsv", fill="gas", volume_l=3.5, spacing_m=0.005)
    assert anatomy.volume_m3 == pytest.approx(0.0035, rel=0.01)
    assert any("liver is cut off at the top" in note for note in anatomy.notes)
    assert (anatomy.region_area_m2() > 0).all()
