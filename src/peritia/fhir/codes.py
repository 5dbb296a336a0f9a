"""The code table: public codes and, by the user's aliases, a centre's own codes, each read as a word of Peritia's CodeSystem."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from peritia import documents
from peritia.errors import InputRefused, Problem
from peritia.fhir.codesystem import PSM, PsmConcept, concepts

TABLE_FILE = Path(__file__).with_name("codes.yaml")
Key = tuple[str | None, str | None]
"""(system, code) as they stand in a Coding."""


class CodeSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where codes were read. ``recalled`` means: nowhere yet."""

    title: str
    place: str
    status: Literal["seen", "seen-partly", "recalled"]
    checked: date


class Code(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One public code. ``to`` is a code of our CodeSystem; ``below`` includes everything under it, where codes carry their hierarchy."""

    to: str
    system: str
    code: str
    means: str
    below: bool = False


class CodeGroup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Codes that were read in one place."""

    source: str
    codes: tuple[Code, ...]


class Grouping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How single administrations are put together."""

    longest_gap_days: int


class WrittenCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The public code to write beside one of ours."""

    system: str
    code: str
    means: str


class CodeTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``codes.yaml``."""

    systems: dict[str, tuple[str, ...]]
    also_topography: str
    sources: dict[str, CodeSource]
    groups: tuple[CodeGroup, ...]
    names: dict[str, tuple[str, ...]]
    not_these: tuple[str, ...]
    classes: dict[str, tuple[str, ...]]
    grouping: Grouping
    written: dict[str, WrittenCode]


class Aliases(msgspec.Struct, frozen=True):
    """A centre's own codes: ``system|code`` -> a code of our CodeSystem."""

    codes: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, mapping: Mapping[str, str]) -> Aliases:
        """Aliases from a mapping. Raises ``InputRefused`` with every key or target that cannot be used."""
        problems = tuple(_alias_problems(mapping))
        if problems:
            raise InputRefused("aliases", problems)
        return cls(tuple(sorted(mapping.items())))


def load_aliases(path: Path | str) -> Aliases:
    """Aliases from a YAML or JSON file that maps ``system|code`` to a code of our CodeSystem.

    Raises ``InputRefused`` naming every entry that cannot be used.
    """
    return Aliases.of(documents.read(Path(path), dict[str, str]))


def _alias_problems(mapping: Mapping[str, str]) -> list[Problem]:
    found: list[Problem] = []
    for key, target in mapping.items():
        if key.count("|") != 1 or key.startswith("|") or key.endswith("|"):
            found.append(Problem(key, None, "an alias key is system|code", "for example http://hospital.example/codes|PCI"))
        if target not in concepts():
            found.append(Problem(key, None, f"“{target[:60]}” is not a code of {PSM}", "docs/fhir.md lists the codes"))
    return found


@lru_cache(maxsize=1)
def code_table() -> CodeTable:
    """The shipped table, read once."""
    return documents.read(TABLE_FILE, CodeTable)


class Lookup:
    """Codes to concepts, with the exact codes first and hierarchies by their beginning."""

    def __init__(self, aliases: Aliases) -> None:
        table, known = code_table(), concepts()
        self.codes = known
        self.exact: dict[Key, PsmConcept] = {(PSM, code): concept for code, concept in known.items()}
        self._below: dict[Key, PsmConcept] = {}
        self._depth: dict[str, int] = {}
        for group in table.groups:
            for code in group.codes:
                self._add(table, code, known[code.to])
        for key, target in aliases.codes:
            system, _, code_ = key.partition("|")
            self.exact[(system, code_)] = known[target]

    def _add(self, table: CodeTable, code: Code, concept: PsmConcept) -> None:
        systems = table.systems[code.system]
        if code.system == "icd-10-cm" and concept.family == "primary":
            systems += table.systems[table.also_topography]
        for system in systems:
            for written in (code.code, code.code.removeprefix("HGNC:"), code.means) if code.system == "hgnc" else (code.code,):
                self.exact[(system, written)] = concept
            if code.below:
                self._below[(system, code.code)] = concept
                self._depth[system] = max(self._depth.get(system, 0), len(code.code))

    def under(self, system: str, code: str) -> PsmConcept | None:
        """The concept of the nearest code above, in a system whose codes carry their hierarchy; remembered once found."""
        for length in range(min(len(code) - 1, self._depth.get(system, 0)), 2, -1):
            concept = self._below.get((system, code[:length].rstrip(".")))
            if concept is not None:
                self.exact[(system, code)] = concept
                return concept
        return None


@lru_cache(maxsize=1)
def written_codings() -> dict[str, tuple[str, str, str]]:
    """For writing: the one public coding (system, code, meaning) beside each of our codes that has one."""
    table = code_table()
    found: dict[str, tuple[str, str, str]] = {
        own: (table.systems[public.system][0], public.code, public.means) for own, public in table.written.items()
    }
    for group in table.groups:
        for code in group.codes:
            found.setdefault(code.to, (table.systems[code.system][0], code.code, code.means))
    return found


@lru_cache(maxsize=1)
def _drug_names() -> tuple[re.Pattern[str], dict[str, str], re.Pattern[str]]:
    table = code_table()
    names = {name: drug for drug, spoken in table.names.items() for name in spoken}
    longest_first = sorted(names, key=len, reverse=True)
    return (
        re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, longest_first)) + r")(?=-[a-z]{4}(?![\w-])|(?![\w-]))"),
        names,
        re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, table.not_these)) + r")(?![\w-])"),
    )


@lru_cache(maxsize=4096)
def drug_named(text: str) -> str | None:
    """The one drug that a text names, or None when it names none, two, or a use that is not meant here.

    The four letters that mark a biosimilar (``bevacizumab-awwb``) are no part of the name.

    >>> drug_named("cisplatin 1 MG/ML Injectable Solution")
    'cisplatin'
    >>> drug_named("trastuzumab emtansine") is None
    True
    """
    pattern, names, others = _drug_names()
    plain = text.lower()
    if others.search(plain):
        return None
    found = {names[name] for name in pattern.findall(plain)}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=1)
def allergy_classes() -> dict[str, str]:
    """Drug -> the class whose hypersensitivity an allergy to it means."""
    return {drug: class_ for class_, drugs in code_table().classes.items() for drug in drugs}
