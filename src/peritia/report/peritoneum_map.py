"""Draws the thirteen regions of the peritoneal cancer index: nine in the abdomen seen from the front, four along the small bowel.

Numbering and lesion sizes: Jacquet and Sugarbaker's index, as the case records it. The patient's right lies on the picture's left.
A region that nobody scored is hatched, never white: not scored is not free of disease.
"""

from __future__ import annotations

from collections.abc import Mapping

from peritia.report.palette import INK, LESION, LESION_INK, LINE, SOFT
from peritia.report.svg import Picture, picture, tag, text

GRID: dict[int, tuple[int, int]] = {1: (0, 0), 2: (1, 0), 3: (2, 0), 8: (0, 1), 0: (1, 1), 4: (2, 1), 7: (0, 2), 6: (1, 2), 5: (2, 2)}
"""Column and row of each abdominal region; column 0 is the patient's right."""

_COLUMNS = (40.0, 119.0, 181.0, 260.0)
_ROWS = (30.0, 152.0, 248.0, 372.0)
_CENTRES = {0: (95.0, 150.0, 205.0), 1: (94.0, 150.0, 206.0), 2: (99.0, 150.0, 201.0)}
_MIDDLES = (112.0, 200.0, 296.0)

_UNSCORED = "#8b96a1"
_CAVITY = (
    "M73 196C69 150 72 98 90 68C104 45 132 43 150 58C168 43 196 45 210 68C228 98 231 150 227 196"
    "C229 232 233 262 225 290C216 326 188 352 150 360C112 352 84 326 75 290C67 262 71 232 73 196Z"
)
_BODY = (
    "M56 8C50 64 52 108 58 150C62 184 58 214 50 246C40 284 34 326 36 396",
    "M244 8C250 64 248 108 242 150C238 184 242 214 250 246C260 284 266 326 264 396",
)
_BONES = (
    "M62 172C74 136 108 118 138 80Q150 68 162 80C192 118 226 136 238 172",
    "M58 262C72 246 92 250 104 274M242 262C228 246 208 250 196 274",
    "M62 318C88 334 108 352 122 374M238 318C212 334 192 352 178 374",
)

# The small bowel as one tube of eight hairpin turns, two rows to a region, from the ligament of Treitz to the caecum.
_BOWEL: dict[int, str] = {
    9: "M462 56C430 48 380 54 382 76C384 96 404 98 424 98L492 98C512 98 512 130 492 130L462 130",
    10: "M462 130L378 130C358 130 358 162 378 162L506 162C526 162 526 194 506 194L462 194",
    11: "M462 194L372 194C350 194 350 228 372 228L504 228C526 228 526 262 504 262L462 262",
    12: "M462 262L386 262C366 262 366 294 386 294L476 294C496 294 496 326 476 326L398 326",
}
_BOWEL_LABELS = {9: (462.0, 98.0), 10: (422.0, 162.0), 11: (486.0, 228.0), 12: (432.0, 294.0)}
_BOWEL_NAMES = {9: (545.0, 98.0), 10: (545.0, 172.0), 11: (545.0, 245.0), 12: (545.0, 310.0)}


def peritoneum_map(regions: Mapping[int, int], *, name: str, title: str, description: str, names: Mapping[int, str]) -> Picture:
    """The large map. ``regions`` maps region 0..12 to lesion size 0..3; ``names`` gives each region's short name for its label."""
    sides = text(46, 26, names[-1], 10, fill=SOFT, text_anchor="end") + text(254, 26, names[-2], 10, fill=SOFT)
    front = _torso(name) + _abdomen(regions, name) + _labels(names) + sides
    bowel = tag("g", _bowel(regions, names), transform="translate(84 16)")
    return picture(
        720, 400, _hatch(name) + tag("g", front, transform="translate(66 0)") + bowel, name=name, title=title, description=description
    )


def small_map(regions: Mapping[int, int], *, name: str, title: str, description: str) -> Picture:
    """One of the small multiples: the same regions as a plain grid with a row for the bowel."""
    cells: list[str] = []
    for region in range(13):
        column, row = GRID.get(region, (region - 9, 3))
        width = 30.0 if region < 9 else 22.5
        x, y = column * width + 0.5, row * 24 + (5 if row == 3 else 0) + 0.5
        size = regions.get(region)
        ground = f"url(#{name}-hatch)" if size is None else LESION[size]
        cells.append(tag("rect", x=x, y=y, width=width - 1, height=23, fill=ground, stroke=SOFT, stroke_width=0.7))
        if size is not None:
            cells.append(text(x + width / 2 - 0.5, y + 16, str(size), 12, fill=LESION_INK[size], text_anchor="middle", font_weight=600))
    return picture(91, 102, _hatch(name) + "".join(cells), name=name, title=title, description=description)


def _hatch(name: str) -> str:
    lines = tag("rect", width=6, height=6, fill="#ffffff") + tag("path", d="M0 6L6 0M-1 1L1 -1M5 7L7 5", stroke=_UNSCORED, stroke_width=0.9)
    return tag("defs", tag("pattern", lines, id=f"{name}-hatch", width=6, height=6, patternUnits="userSpaceOnUse"))


def _torso(name: str) -> str:
    clip = tag("defs", tag("clipPath", tag("path", d=_CAVITY), id=f"{name}-cavity"))
    outline = "".join(tag("path", d=path, fill="none", stroke="#a9b3bc", stroke_width=1.6, stroke_linecap="round") for path in _BODY)
    return clip + outline


def _abdomen(regions: Mapping[int, int], name: str) -> str:
    fields: list[str] = []
    figures: list[str] = []
    for region, (column, row) in GRID.items():
        size = regions.get(region)
        ground = f"url(#{name}-hatch)" if size is None else LESION[size]
        x, y = _COLUMNS[column], _ROWS[row]
        fields.append(tag("rect", x=x, y=y, width=_COLUMNS[column + 1] - x, height=_ROWS[row + 1] - y, fill=ground))
        figures.append(_figure(_CENTRES[row][column], _MIDDLES[row], size, 23))
    lines = tag("path", d="M119 30V372M181 30V372M40 152H260M40 248H260", stroke=INK, stroke_width=0.8, stroke_dasharray="1 3")
    clipped = tag("g", "".join(fields) + lines, clip_path=f"url(#{name}-cavity)")
    bones = "".join(tag("path", d=path, fill="none", stroke="#a9b3bc", stroke_width=1.1, stroke_linecap="round") for path in _BONES)
    navel = tag("path", d="M148 226q2 3 4 0", fill="none", stroke=SOFT, stroke_width=1.2, stroke_linecap="round")
    edge = tag("path", d=_CAVITY, fill="none", stroke=INK, stroke_width=1.5)
    return clipped + bones + edge + navel + "".join(figures)


def _figure(x: float, y: float, size: int | None, height: float) -> str:
    if size is None:
        return tag("circle", cx=x, cy=y, r=11, fill="#ffffff") + text(x, y + 5, "–", 15, fill=SOFT, text_anchor="middle", font_weight=600)
    return text(x, y + 0.35 * height, str(size), height, fill=LESION_INK[size], text_anchor="middle", font_weight=600)


def _labels(names: Mapping[int, str]) -> str:
    """Region numbers outside the body, each on a fine leader, so that no number can be taken for a lesion size."""
    parts: list[str] = []
    for region, (column, row) in GRID.items():
        if column == 1:
            continue
        y = _MIDDLES[row]
        left = column == 0
        x, edge = (30.0, 78.0) if left else (270.0, 222.0)
        parts.append(tag("path", d=f"M{x} {y}H{edge}", stroke=LINE, stroke_width=0.9))
        parts.append(_name(x - 3 if left else x + 3, y, region, names, "end" if left else "start"))
    for region, x, y, anchor in ((2, 150.0, 20.0, "middle"), (6, 150.0, 384.0, "middle")):
        parts.append(_name(x, y, region, names, anchor))
    return "".join(parts)


def _name(x: float, y: float, region: int, names: Mapping[int, str], anchor: str) -> str:
    label = tag("tspan", str(region), font_weight=600, fill=INK) + tag("tspan", "&#160;" + names[region], fill=SOFT)
    return tag("text", label, x=x, y=y + 4, font_size=11, text_anchor=anchor)


def _bowel(regions: Mapping[int, int], names: Mapping[int, str]) -> str:
    parts: list[str] = []
    joints = tag("path", d="M462 118V142M462 182V206M462 250V274M462 44V68M398 314V338", stroke=INK, stroke_width=1.5)
    ends = tag(
        "path", d="M462 44C478 46 486 36 488 24M462 68C488 70 508 52 512 30M398 338C372 344 358 322 374 308Q384 300 398 306", fill="none"
    )
    neighbours = tag("g", ends, stroke="#a9b3bc", stroke_width=1.4)
    for path in _BOWEL.values():
        parts.append(tag("path", d=path, fill="none", stroke=INK, stroke_width=27, stroke_linejoin="round"))
    for region, path in _BOWEL.items():
        size = regions.get(region)
        ground = LESION[size or 0]
        # Rungs across the tube stand for the hatching here: a pattern along a stroke is drawn differently by browser and typesetter.
        rungs = tag("path", d=path, fill="none", stroke=_UNSCORED, stroke_width=24, stroke_dasharray="0.9 4.6") if size is None else ""
        parts.append(tag("path", d=path, fill="none", stroke=ground, stroke_width=24, stroke_linejoin="round") + rungs)
    for region, (x, y) in _BOWEL_LABELS.items():
        parts.append(_figure(x, y, regions.get(region), 18))
        parts.append(_name(*_BOWEL_NAMES[region], region, names, "start"))
    return neighbours + "".join(parts[: 2 * len(_BOWEL)]) + joints + "".join(parts[2 * len(_BOWEL) :])
