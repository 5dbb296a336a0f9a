"""Draws 'how many of 100' as a hundred dots, ten by ten, filled from the top left. A count, not a curve: nobody has to read an axis."""

from __future__ import annotations

from peritia.report.palette import ACCENT
from peritia.report.svg import Picture, picture, tag

_STEP, _RADIUS = 13.0, 5.0


def people(count: int, *, name: str, title: str, description: str) -> Picture:
    """``count`` of a hundred dots filled. Raises ``ValueError`` outside 0 to 100."""
    if not 0 <= count <= 100:
        raise ValueError(f"a count of 100 lies between 0 and 100, found {count}")
    dots: list[str] = []
    for index in range(100):
        row, column = divmod(index, 10)
        x, y = 6.5 + column * _STEP, 6.5 + row * _STEP
        if index < count:
            dots.append(tag("circle", cx=x, cy=y, r=_RADIUS + 0.5, fill=ACCENT))
        else:
            dots.append(tag("circle", cx=x, cy=y, r=_RADIUS, fill="#ffffff", stroke="#8b96a1", stroke_width=1.1))
    return picture(130, 130, "".join(dots), name=name, title=title, description=description)
