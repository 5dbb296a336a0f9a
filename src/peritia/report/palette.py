"""The few colours of the report. Every ink here reads at 4.5:1 or better on white; the verdicts also differ in shape and word."""

from __future__ import annotations

from typing import Final

INK: Final = "#16202b"
SOFT: Final = "#55606c"
LINE: Final = "#d5dbe0"
PALE: Final = "#f4f6f7"
ACCENT: Final = "#0b5563"

VERDICTS: Final = {"open": "#00705c", "open-with-flags": "#8f5a00", "depends": "#3d4f9f", "closed": "#8c2f39"}
"""Ink of each verdict: teal, ochre, indigo, claret. Lightness and blue share keep them apart in colour-vision deficiency."""

TINTS: Final = {"open": "#e6f2ef", "open-with-flags": "#f8efdf", "depends": "#e9ecf7", "closed": "#f6e9ea"}
"""Ground behind a verdict's ink; still 4.5:1 against it."""

LESION: Final[tuple[str, ...]] = ("#ffffff", "#f6dccf", "#e29a7d", "#9c3526")
"""Ground of lesion size 0 to 3 in the peritoneum map: one hue, darker means more."""

LESION_INK: Final[tuple[str, ...]] = (INK, INK, INK, "#ffffff")
