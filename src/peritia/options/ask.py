"""Which missing fact to ask for next: the one that decides the most options comes first."""

from __future__ import annotations

from collections.abc import Iterable

from peritia.options.assessment import Ask, Missing, OptionResult
from peritia.options.reasons import Judge


def ask_next(options: Iterable[OptionResult], judge: Judge) -> tuple[Ask, ...]:
    """Every unknown fact in a missing set, ordered by how many options it decides alone, then by how much of the larger sets it is.

    A fact decides an option alone if it can open it, or close it, with everything else still unknown; one that decides half of an option's
    undecided arms alone counts as half an option. The share of a set of n facts is 1/n.
    """
    decides: dict[str, dict[str, None]] = {}
    contributes: dict[str, dict[str, None]] = {}
    arms: dict[str, float] = {}
    weight: dict[str, float] = {}
    for option in options:
        for parts in (option.missing.open_parts, option.missing.close_parts):
            for names in (names for part in parts for names in part):
                target = decides if len(names) == 1 and len(parts) == 1 else contributes
                for name in names:
                    target.setdefault(name, {})[option.id] = None
        for name, share in _arms_decided(option).items():
            if option.id not in decides.get(name, ()):
                arms[name] = arms.get(name, 0.0) + share
        for name in option.missing.undecided:
            contributes.setdefault(name, {})[option.id] = None
            weight.setdefault(name, 0.0)
        for name, share in _shares(option.missing).items():
            weight[name] = weight.get(name, 0.0) + share
    order = {name: index for index, name in enumerate(judge.used)}
    asked = sorted(
        weight, key=lambda name: (-round(len(decides.get(name, ())) + arms.get(name, 0.0), 9), -round(weight[name], 9), order[name])
    )
    return tuple(_ask(name, decides, contributes, judge) for name in asked)


def _arms_decided(option: OptionResult) -> dict[str, float]:
    """For each fact, the share of the option's undecided arms that it can open or close alone."""
    if option.verdict != "depends":
        return {}
    undecided = [arm.missing for arm in option.arms if arm.verdict == "depends"]
    counts: dict[str, int] = {}
    for missing in undecided:
        singles = {
            names[0] for parts in (missing.open_parts, missing.close_parts) if len(parts) == 1 for names in parts[0] if len(names) == 1
        }
        for name in singles:
            counts[name] = counts.get(name, 0) + 1
    return {name: count / len(undecided) for name, count in counts.items()}


def _shares(missing: Missing) -> dict[str, float]:
    """A fact's share in the smallest set it can open the option with; one that can only close has none."""
    shares = {name: 0.0 for part in missing.close_parts for names in part for name in names}
    smallest = [min(len(names) for names in part) for part in missing.open_parts]
    for part, least in zip(missing.open_parts, smallest, strict=True):
        others = sum(smallest) - least
        for names in part:
            for name in names:
                shares[name] = max(shares.get(name, 0.0), 1.0 / (others + len(names)))
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
