"""One file that ships with the package, read once. For rules that need a single drug or score and not the whole library."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from peritia.documents import read
from peritia.errors import PeritiaError

T = TypeVar("T", bound=msgspec.Struct)
FOLDER = Path(__file__).parent


class NotShippedError(PeritiaError):
    """No knowledge file of this kind and name."""


def ids(kind: str) -> tuple[str, ...]:
    """The names of all files of a kind, in order."""
    return tuple(sorted(path.stem for path in (FOLDER / kind).glob("*.yaml")))


@cache
def shipped(kind: str, id_: str, type_: type[T]) -> T:
    """The file ``kind/id.yaml`` as a struct that knows its own id.

    Raises ``NotShippedError`` when there is none, ``InputRefused`` when it does not fit its type.
    """
    path = FOLDER / kind / f"{id_}.yaml"
    if id_ not in ids(kind):
        raise NotShippedError(f"there is no file {kind}/{id_}.yaml", f"one of {', '.join(ids(kind))}")
    return msgspec.structs.replace(read(path, type_), id=id_)
