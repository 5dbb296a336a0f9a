"""Algebra of unit texts, enough to refuse a comparison of unlike things. Nothing is converted: equal units or refusal.

A unit is a product of symbols with whole exponents (UCUM's own grammar without its table): ``mL/min/{1.73_m2}`` is mL, min to the minus
one, and the annotation to the minus one. Annotations count as symbols, so a ``{score}`` is not a ``{count}``.
"""

from __future__ import annotations

import re
from functools import lru_cache

Unit = tuple[tuple[str, int], ...]
BARE: Unit = ()

_PART = re.compile(r"(?P<symbol>\{[^}]*\}|10[*^](?P<ten>[+-]?\d+)|(?:[^\W\d]|[%\[\]'])+(?:\{[^}]*\})?|\d+)(?P<exponent>[+-]?\d+)?")


@lru_cache(maxsize=1024)
def read_unit(text: str | None) -> Unit:
    """The unit's symbols with exponents, sorted. Text outside the grammar is one opaque symbol, equal only to itself."""
    if text is None or text in ("", "1"):
        return BARE
    powers: dict[str, int] = {}
    for sign, part in _parts(text):
        match = _PART.fullmatch(part)
        if match is None:
            return ((text, 1),)
        symbol = match["symbol"]
        exponent = int(match["exponent"] or 1)
        if symbol != "1":
            powers[symbol] = powers.get(symbol, 0) + sign * exponent
    return _sorted(powers)


def _parts(text: str) -> list[tuple[int, str]]:
    pieces = re.split(r"([./])(?![^{]*\})", text)
    signs = [1] + [-1 if mark == "/" else 1 for mark in pieces[1::2]]
    return [(sign, piece) for sign, piece in zip(signs, pieces[::2], strict=True) if piece]


def _sorted(powers: dict[str, int]) -> Unit:
    return tuple(sorted((symbol, power) for symbol, power in powers.items() if power))


def times(left: Unit, right: Unit, sign: int = 1) -> Unit:
    """The unit of a product (``sign`` 1) or of a quotient (``sign`` -1)."""
    powers = dict(left)
    for symbol, power in right:
        powers[symbol] = powers.get(symbol, 0) + sign * power
    return _sorted(powers)


def unit_text(unit: Unit) -> str:
    """A unit for a message."""
    if not unit:
        return "no unit"
    above = [symbol + (str(power) if power != 1 else "") for symbol, power in unit if power > 0]
    below = [symbol + (str(-power) if power != -1 else "") for symbol, power in unit if power < 0]
    return (".".join(above) or "1") + "".join("/" + part for part in below)
