"""The peritoneum to click on: the report's own drawing, with a transparent area over every region.

The radio buttons beside it are the form; the areas only press them. So the keyboard and a screen reader have the same form, and the
drawing is nothing that they miss.
"""

from __future__ import annotations

from collections.abc import Mapping

from peritia.case.peritoneum import REGIONS
from peritia.report.peritoneum_map import peritoneum_map
from peritia.report.svg import tag
from peritia.web.language import _, spoken

_COLUMNS = (106.0, 185.0, 247.0, 326.0)
_ROWS = (30.0, 152.0, 248.0, 372.0)
_ABDOMEN = {1: (0, 0), 2: (1, 0), 3: (2, 0), 8: (0, 1), 0: (1, 1), 4: (2, 1), 7: (0, 2), 6: (1, 2), 5: (2, 2)}
_BOWEL = {9: (62.0, 130.0), 10: (130.0, 194.0), 11: (194.0, 262.0), 12: (262.0, 340.0)}
"""Where the areas lie, in the drawing's own units. They may be rough; the drawing under them is exact."""


def drawing(typed: Mapping[str, str]) -> str:
    """The drawing for what is typed so far, with its total."""
    w = spoken()
    regions = {number: int(text) for number in range(len(REGIONS)) if (text := typed.get(f"regions-{number}", "")) in ("0", "1", "2", "3")}
    names = {number: w(f"region.{number}") for number in range(len(REGIONS))} | {-1: w("side.right"), -2: w("side.left")}
    picture = peritoneum_map(
        regions, name="scoring", title=_("Peritoneum, being scored"), description=_("Each region by number"), names=names
    )
    areas = "".join(_area(number) for number in range(len(REGIONS)))
    svg = picture.svg.removesuffix("</svg>") + tag("g", areas, class_="areas") + "</svg>"
    scored = len(regions)
    total = (
        f"PCI {sum(regions.values())}"
        if scored == len(REGIONS)
        else _("{total} so far, {scored} of 13 regions scored").format(total=sum(regions.values()), scored=scored)
    )
    return f'{svg}<p class="total" role="status">{total}</p>'


def _area(number: int) -> str:
    if number in _ABDOMEN:
        column, row = _ABDOMEN[number]
        x, y, width, height = _COLUMNS[column], _ROWS[row], _COLUMNS[column + 1] - _COLUMNS[column], _ROWS[row + 1] - _ROWS[row]
    else:
        top, bottom = _BOWEL[number]
        x, y, width, height = 430.0, top + 16, 180.0, bottom - top
    return tag("rect", x=x, y=y, width=width, height=height, fill="transparent", class_="area", data_region=number)
