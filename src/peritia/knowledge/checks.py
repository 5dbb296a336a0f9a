"""The lint of the knowledge files: everything that keeps the library from loading, and everything that would mislead a reader of it.

``check`` returns what is wrong. ``notices`` returns what is not wrong but should be known: sources nobody uses, and those only recalled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from peritia.case.facts.definitions import DEFINITIONS
from peritia.errors import InputRefused, Problem
from peritia.knowledge.files import FOLDER, Files, located, read_files
from peritia.knowledge.integrity import Fault
from peritia.knowledge.library import joined
from peritia.knowledge.study import Study
from peritia.knowledge.walk import own_citations, parts
from peritia.sources import Source, identified, malformed


def check(folder: Path = FOLDER) -> tuple[Problem, ...]:
    """Everything wrong in a folder of knowledge files; empty if the library loads and its citations are sound."""
    try:
        files = read_files(folder)
        joined(files)
    except InputRefused as refused:
        return refused.problems
    found = (*_identifiers(files), *_one_record_per_work(files), *_figures_agree(files), *_regimens_of_arms(files))
    return tuple(located(files, name, fault) for name, fault in found)


def notices(folder: Path = FOLDER) -> tuple[Problem, ...]:
    """What a reader should know: sources that nothing cites, and cited sources that were only recalled. Raises ``InputRefused``."""
    files = read_files(folder)
    uses = claims_by_source(files.each())
    for field in DEFINITIONS.__struct_fields__:
        uses[getattr(DEFINITIONS, field).source].append(f"facts: {field}")
    sources: dict[str, Source] = dict(files.by_kind["sources"])
    unused = [(id_, "no claim cites this source") for id_ in sources if not uses[id_]]
    recalled = [
        (id_, f"recalled, not read: {len(uses[id_])} {'claim shows' if len(uses[id_]) == 1 else 'claims show'} as unverified")
        for id_, source in sources.items()
        if source.status == "recalled" and uses[id_]
    ]
    return tuple(located(files, f"sources/{id_}.yaml", Fault((), message)) for id_, message in (*unused, *recalled))


def claims_by_source(structs: Iterable[tuple[str, msgspec.Struct]]) -> defaultdict[str, list[str]]:
    """For each source, the claims that rest on it: name of the file and path in it."""
    uses: defaultdict[str, list[str]] = defaultdict(list)
    for name, struct in structs:
        for part in parts(struct):
            for citation in own_citations(part.node):
                uses[citation.source].append(f"{name}: {'.'.join(map(str, part.path))}")
    return uses


def _identifiers(files: Files) -> Iterator[tuple[str, Fault]]:
    for id_, source in files.by_kind["sources"].items():
        for field, found, expected in malformed(source):
            yield f"sources/{id_}.yaml", Fault((field,), f"{found!r} is not well formed", f"write {expected}")


def _one_record_per_work(files: Files) -> Iterator[tuple[str, Fault]]:
    """A DOI, PMID, PMC or registry number stands in one source only."""
    first: dict[tuple[str, str], str] = {}
    for id_, source in files.by_kind["sources"].items():
        for identifier in identified(source):
            other = first.setdefault(identifier, id_)
            if other != id_:
                yield f"sources/{id_}.yaml", Fault((identifier[0],), f"{identifier[1]} is also that of {other}", "keep one record a work")


def _figures_agree(files: Files) -> Iterator[tuple[str, Fault]]:
    """Two study files that cite one work (or one place in it) may not give the same outcome of the same arm two values."""
    first: dict[tuple[object, ...], tuple[str, tuple[float | None, ...]]] = {}
    studies: dict[str, Study] = dict(files.by_kind["studies"])
    for id_, study in studies.items():
        for position, outcome in enumerate(study.outcomes):
            for work in {str(citation) for citation in (own_citations(outcome) or study.citations)}:
                key = (work, outcome.kind, outcome.name.lower(), outcome.arm, outcome.subgroup, outcome.at, outcome.clock, outcome.unit)
                figure = (outcome.value, outcome.low, outcome.high)
                other, stated = first.setdefault(key, (id_, figure))
                if stated != figure:
                    message = f"{outcome.name} of {work} is stated otherwise in {other}"
                    yield f"studies/{id_}.yaml", Fault(("outcomes", position), message, "read the work again; one of the two is wrong")


def _regimens_of_arms(files: Files) -> Iterator[tuple[str, Fault]]:
    """An arm's name and its regimen's route agree with the treatment: no HIPEC regimen under PIPAC."""
    for id_, treatment in files.by_kind["treatments"].items():
        for position, arm in enumerate(treatment.arms):
            regimen = files.by_kind["regimens"].get(arm.regimen)
            if regimen is not None and regimen.route not in id_:
                yield f"treatments/{id_}.yaml", Fault(("arms", position, "regimen"), f"{arm.regimen} is a {regimen.route} regimen")
