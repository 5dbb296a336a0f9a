"""Three-valued AND and OR over answers: what is not known decides nothing and is not counted as no."""

from __future__ import annotations

from collections.abc import Iterable

from peritia.criteria import Truth


def all_of(answers: Iterable[Truth]) -> Truth:
    """True if all are, false if one is, else unknown."""
    seen = tuple(answers)
    if False in seen:
        return False
    return None if None in seen else True


def any_of(answers: Iterable[Truth]) -> Truth:
    """True if one is, false if all are, else unknown."""
    seen = tuple(answers)
    if True in seen:
        return True
    return None if None in seen else False
