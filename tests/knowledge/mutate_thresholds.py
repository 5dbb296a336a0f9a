"""Change every threshold, operator, category, negation and connective of the library by one step, and count how many are caught.

All in memory; nothing is written. A mutant that means the same as its criterion at and beside every threshold is counted apart.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from criterion_mutants import mutants
from expectations import Expectations, answers, stored
from threshold_probes import Place, places, same_meaning

from peritia.criteria import Formula
from peritia.knowledge.files import read_files


def survivors(chosen: Iterable[tuple[Place, Formula]], expected: Expectations) -> tuple[Counter[str], list[str]]:
    """How many mutants were caught, how many mean the same, and each that survived, by place."""
    count: Counter[str] = Counter()
    alive: list[str] = []
    for place, criterion in chosen:
        reviewed = expected.at(place)
        for mutant in mutants(criterion):
            if not all(answers(probe, mutant) for probe in reviewed):
                count["caught"] += 1
            elif same_meaning(criterion, mutant):
                count["same meaning"] += 1
            else:
                count["survived"] += 1
                alive.append(f"{place.file}: {place.path}: `{criterion.text}` may become `{mutant.text}` unnoticed")
    return count, alive


if __name__ == "__main__":
    counted, missed = survivors(places(read_files()), stored())
    print("\n".join(missed))
    print(", ".join(f"{number} {what}" for what, number in sorted(counted.items())))
    sys.exit(1 if missed else 0)
