"""Reading a folder of knowledge files: all of them or none, with every problem at once, each with file, line and reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from peritia.documents import load_tree, read
from peritia.documents.tree import written
from peritia.errors import InputRefused, Problem
from peritia.knowledge.conventions import Conventions
from peritia.knowledge.integrity import Fault, faults
from peritia.knowledge.kinds import KINDS
from peritia.knowledge.recurrence import RecurrenceKnowledge

FOLDER = Path(__file__).parent
"""The knowledge files that ship with the package."""
SINGLE: Mapping[str, type[msgspec.Struct]] = MappingProxyType({"recurrence": RecurrenceKnowledge, "conventions": Conventions})
"""Files that stand alone, by their stem."""


@dataclass(frozen=True)
class Files:
    """Every file as it stands, before one builds on another. ``by_kind``: folder, then id; ``single``: by stem."""

    folder: Path
    by_kind: Mapping[str, Mapping[str, Any]]
    single: Mapping[str, Any]
    hash: str

    def each(self) -> Iterator[tuple[str, msgspec.Struct]]:
        """Every file's relative path and struct, in order."""
        for kind, members in self.by_kind.items():
            for id_, struct in members.items():
                yield f"{kind}/{id_}.yaml", struct
        for stem, struct in self.single.items():
            yield f"{stem}.yaml", struct


def read_files(folder: Path = FOLDER) -> Files:
    """Read and check every file of a folder. Raises ``InputRefused`` with every problem of every file."""
    problems = list(_strays(folder))
    by_kind: dict[str, dict[str, Any]] = {}
    for kind, type_ in KINDS.items():
        found = ((path.stem, _read(path, kind, type_, problems)) for path in sorted((folder / kind).glob("*.yaml")))
        by_kind[kind] = {id_: struct for id_, struct in found if struct is not None}
    single = {stem: _read(folder / f"{stem}.yaml", "", type_, problems) for stem, type_ in SINGLE.items()}
    files = Files(folder, by_kind, {stem: struct for stem, struct in single.items() if struct is not None}, _hash(folder))
    unreadable = {problem.path.split(":", 1)[0] for problem in problems}
    known = {kind: {path.stem for path in (folder / kind).glob("*.yaml")} for kind in KINDS}
    for name, struct in files.each():
        if name not in unreadable:
            problems += _located(folder / name, name, tuple(faults(struct, known)))
    if problems:
        raise InputRefused("knowledge", tuple(problems))
    return files


def located(files: Files, name: str, fault: Fault) -> Problem:
    """A fault as a problem of a file, with its line."""
    return _located(files.folder / name, name, (fault,))[0]


def _read(path: Path, kind: str, type_: type[msgspec.Struct], problems: list[Problem]) -> msgspec.Struct | None:
    name = f"{kind}/{path.name}" if kind else path.name
    try:
        struct = read(path, type_, name=name)
    except InputRefused as refused:
        problems += [msgspec.structs.replace(one, path=f"{name}: {one.path}".rstrip(": ")) for one in refused.problems]
        return None
    return msgspec.structs.replace(struct, id=path.stem) if kind else struct


def _located(path: Path, name: str, found: tuple[Fault, ...]) -> list[Problem]:
    if not found:
        return []
    lines = load_tree(path)[1]
    return [Problem(f"{name}: {written(fault.path)}".rstrip(": "), _line(lines, fault.path), fault.message, fault.hint) for fault in found]


def _line(lines: Mapping[tuple[str | int, ...], int], path: tuple[str | int, ...]) -> int | None:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _strays(folder: Path) -> Iterator[Problem]:
    """Files that no kind claims: a folder misspelt would otherwise be silently empty."""
    for path in sorted(folder.rglob("*.y*ml")):
        name = path.relative_to(folder).as_posix()
        kind, _, rest = name.rpartition("/")
        if not (kind in KINDS and path.suffix == ".yaml") and not (not kind and rest.removesuffix(".yaml") in SINGLE):
            yield Problem(name, None, "no kind of knowledge has a file here", f"folders are {', '.join(KINDS)}")


def _hash(folder: Path) -> str:
    """SHA-256 over the names and bytes of all files, in order of name."""
    total = sha256()
    for path in sorted(folder.rglob("*.yaml")):
        data = path.read_bytes()
        total.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()
