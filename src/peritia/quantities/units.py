"""Units as UCUM writes them (case-sensitive): parsed into a scale and dimensions, so that two units can be compared and converted.

Only what bedside and laboratory need is known; anything else is refused, never guessed. Common spellings (``10^9/L``, ``K/uL``, ``µmol/L``)
are read as the UCUM unit they mean. Temperatures and other units with an offset are not converted here.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

import msgspec

from peritia.errors import PeritiaError

Dimensions = tuple[tuple[str, int], ...]


class UnitError(PeritiaError):
    """A unit that is not understood, or two units that cannot be converted into each other."""


class Unit(msgspec.Struct, frozen=True):
    """A unit: ``scale`` times the base units in ``dimensions`` (gram, metre, second, mole, arbitrary unit). Exact, so 1 L is 1000 mL."""

    text: str
    scale: Fraction
    dimensions: Dimensions


_ATOMS: dict[str, tuple[Fraction, dict[str, int]]] = {
    name: (Fraction(scale), dimensions)
    for name, scale, dimensions in (
        ("g", "1", {"gram": 1}), ("m", "1", {"metre": 1}), ("s", "1", {"second": 1}), ("mol", "1", {"mole": 1}), ("eq", "1", {"mole": 1}),
        ("L", "0.001", {"metre": 3}), ("l", "0.001", {"metre": 3}), ("min", "60", {"second": 1}), ("h", "3600", {"second": 1}),
        ("d", "86400", {"second": 1}), ("wk", "604800", {"second": 1}), ("mo", "2629800", {"second": 1}), ("a", "31557600", {"second": 1}),
        ("U", "1/60000000", {"mole": 1, "second": -1}), ("kat", "1", {"mole": 1, "second": -1}), ("[IU]", "1", {"arbitrary": 1}),
        ("[arb'U]", "1", {"arbitrary": 1}), ("%", "0.01", {}), ("10*", "10", {}), ("10^", "10", {}), ("[ppth]", "0.001", {}),
        ("[ppm]", "0.000001", {}), ("Gy", "1", {"metre": 2, "second": -2}), ("J", "1000", {"gram": 1, "metre": 2, "second": -2}),
        ("Pa", "1000", {"gram": 1, "metre": -1, "second": -2}), ("m[Hg]", "133322000", {"gram": 1, "metre": -1, "second": -2}),
    )
}  # fmt: skip
_PREFIXES = {name: Fraction(10) ** power for name, power in (
    ("k", 3), ("M", 6), ("d", -1), ("c", -2), ("m", -3), ("u", -6), ("n", -9), ("p", -12), ("f", -15),
)}  # fmt: skip
_SMALLEST = Fraction(1, 10**60)
_UNPREFIXED = frozenset({"min", "h", "d", "wk", "mo", "a", "%", "10*", "10^", "[ppth]", "[ppm]"})
_TERM = re.compile(r"(10[*^]-?\d{1,2}|[0-9]+(?![*^])|(?:\[[^\]\s]+\]|[A-Za-z%'])+(?:\[[^\]\s]+\])?)?([+-]?\d{1,2})?\Z")
_ANNOTATION = re.compile(r"(?:(?<![^./])())?\{[^{}]*\}")
"""A note in braces; where it stands alone it counts as one, and its group matches."""

_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        ("[µμ]", "u"), (r"\s+", ""), ("²", "2"), (r"\Amcg", "ug"), (r"\A(?:[x×]|x\.)10", "10"), (r"10(?:\^|\*\*|E|e)(?=\d)", "10*"),
        ("¹²", "*12"), ("⁹", "*9"), ("³", "*3"), ("⁶", "*6"), (r"10(?=(?:9|12|3|6)/)", "10*"), (r"\AGpt/", "10*9/"), (r"\ATpt/", "10*12/"),
        (r"\A(?:K|Thou?s?|Tsd\.?)/", "10*3/"), (r"cells?/", "/"), (r"\A#/", "/"), ("/mcL", "/uL"), ("/cmm", "/mm3"),
        (r"(?<![\[A-Z])IU(?=/)", "[IU]"),
        (r"(?<=\d)(?:mL|ml)/min/1[.,]73(?:m2)?", "mL/min/{1.73_m2}"), (r"/1[.,]73m2\Z", "/{1.73_m2}"), (r"\A\(?ratio\)?\Z", "1"),
        (r"units?(?=/)", "U"), ("mEq", "meq"), (r"Lit(?:er|re)\Z", "L"),
    )
)  # fmt: skip


@lru_cache(maxsize=2048)
def parse(text: str) -> Unit:
    """Parse a unit. Raises ``UnitError`` for anything not understood.

    >>> parse("mg/dL").scale == parse("g/L").scale / 100
    True
    """
    shown = text.strip()
    plain = shown
    for pattern, replacement in _SPELLINGS:
        plain = pattern.sub(replacement, plain)
    if len(plain) > 60 or not plain:
        raise UnitError("no unit" if not plain else "a unit of more than 60 signs", "a UCUM unit such as mg/dL or 10*9/L")
    dimensions: dict[str, int] = {}
    try:
        scale = _gather(plain, shown, dimensions)
    except ZeroDivisionError:
        raise _not_understood(shown) from None
    if not _SMALLEST < scale < 1 / _SMALLEST:
        raise _not_understood(shown)
    return Unit(plain, scale, tuple(sorted((name, power) for name, power in dimensions.items() if power)))


def _gather(plain: str, shown: str, dimensions: dict[str, int]) -> Fraction:
    scale, sign = Fraction(1), 1
    pieces = re.split(r"([./])", _ANNOTATION.sub(lambda match: "1" if match.group(1) is not None else "", plain))
    if pieces[:2] == ["", "/"]:
        pieces[0] = "1"
    for piece in pieces:
        if piece in (".", "/"):
            sign = -1 if piece == "/" else 1
            continue
        factor, dims, exponent = _term(piece, shown)
        scale *= factor ** (exponent * sign)
        for name, power in dims.items():
            dimensions[name] = dimensions.get(name, 0) + power * exponent * sign
    return scale


def _term(piece: str, shown: str) -> tuple[Fraction, dict[str, int], int]:
    match = _TERM.match(piece)
    if match is None or not piece:
        raise _not_understood(shown)
    atom, exponent = match.groups()
    power = int(exponent) if exponent else 1
    if atom is None:
        return Fraction(exponent or 1), {}, 1
    if atom.startswith(("10*", "10^")):
        return Fraction(10) ** int(atom[3:]), {}, 1
    if atom.isdigit():
        return Fraction(atom), {}, power
    if atom in _ATOMS:
        return (*_ATOMS[atom], power)
    rest = atom[1:]
    if atom[0] in _PREFIXES and rest in _ATOMS and rest not in _UNPREFIXED:
        factor, dims = _ATOMS[rest]
        return _PREFIXES[atom[0]] * factor, dims, power
    if atom[:2] == "da" and atom[2:] in _ATOMS:
        factor, dims = _ATOMS[atom[2:]]
        return 10 * factor, dims, power
    raise _not_understood(shown)


def _not_understood(shown: str) -> UnitError:
    return UnitError(
        f"the unit “{shown[:40]}” is not understood", "a UCUM unit such as mg/dL, umol/L or 10*9/L", "check upper and lower case"
    )


def factor(source: str, target: str) -> float:
    """What a value in ``source`` is multiplied by to stand in ``target``. Raises ``UnitError`` when the kinds differ.

    >>> round(factor("g/dL", "g/L"), 9)
    10.0
    """
    one, other = parse(source), parse(target)
    if one.dimensions != other.dimensions:
        raise UnitError(f"{source} and {target} measure different things", f"a unit of the same kind as {target}")
    return float(one.scale / other.scale)


def same_kind(one: str, other: str) -> bool:
    """Whether two units measure the same kind of quantity."""
    return parse(one).dimensions == parse(other).dimensions
