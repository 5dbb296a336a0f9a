"""What can be wrong with an anatomy, by name, with what to do about it."""

from __future__ import annotations

from peritia.errors import PeritiaError


class EmptyCavity(PeritiaError):
    """No abdominal contents, so no cavity around them."""

    def __init__(self) -> None:
        super().__init__(
            "Found no intraperitoneal organ among the labels",
            "at least liver, stomach, colon and small bowel",
            "check the label table against the volume",
        )


class CavityNotReached(PeritiaError):
    """The volume asked for cannot be met by lifting the wall."""

    def __init__(self, asked_l: float, reached_l: float, side: str, spacing_m: float) -> None:
        super().__init__(
            f"Found that the cavity cannot have {asked_l:g} L: its limit at {spacing_m * 1000:g} mm voxels is {reached_l:.3f} L",
            f"a volume {'of at least' if side == 'less' else 'of at most'} {reached_l:.3f} L",
            "change the volume, or narrow the gap in the cavity rule"
            if side == "less"
            else "ask for a smaller volume, or give the box more room in front",
        )


class LabelsRefused(PeritiaError):
    """A label volume that cannot be read as an abdomen."""


class PlacementRefused(PeritiaError):
    """A port, nozzle or catheter that cannot be where it was put."""
