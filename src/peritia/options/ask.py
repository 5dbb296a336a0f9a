"""Which missing fact to ask for next: the one that decides the most options comes first."""

from __future__ import annotations

from collections.abc import Iterable

from peritia.options.assessment import Ask, Missing, OptionResult
from peritia.options.reasons import Judge


def ask_next(options: Iterable[OptionResult], judge: Judge) -> tuple[Ask, ...]:
    """Every unknown fact in a missing set, ordered by how many options it decides alone, then by how much of the larger sets it is.

    A fact decides an option alone if it can open it, or close it, with everything else still unknown. The share of a set of n facts is 1/n.
    """
    decides: dict[str, dict[str, None]] = {}
    contributes: dict[str, dict[str, None]] = {}
    weight: dict[str, float] = {}
    for option in options:
        for names in (*option.missing.to_open, *option.missing.to_close):
            target = decides if len(names) == 1 else contributes
            for name in names:
                target.setdefault(name, {})[option.id] = None
        for name, share in _shares(option.missing).items():
            weight[name] = weight.get(name, 0.0) + share
    order = {name: index for index, name in enumerate(judge.used)}
    asked = sorted(weight, key=lambda name: (-len(decides.get(name, ())), -round(weight[name], 9), order[name]))
    return tuple(_ask(name, decides, contributes, judge) for name in asked)


def _shares(missing: Missing) -> dict[str, float]:
    """The fact's best share in a set that opens the option: of two facts that can both close, the one that also opens is worth more."""
    shares: dict[str, float] = {}
    for names in missing.to_open:
        for name in names:
            shares[name] = max(shares.get(name, 0.0), 1.0 / len(names))
    for names in missing.to_close:
        for name in names:
            shares.setdefault(name, 0.0)
    return shares


def _ask(name: str, decides: dict[str, dict[str, None]], contributes: dict[str, dict[str, None]], judge: Judge) -> Ask:
    fact = judge.used[name]
    alone = tuple(decides.get(name, ()))
    return Ask(
        fact=name,
        description=fact.description,
        unit=fact.unit,
        decides=alone,
        contributes=tuple(option for option in contributes.get(name, ()) if option not in alone),
        why_unknown=fact.reason,
    )
