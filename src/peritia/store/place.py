"""Where a record lies: its database, its key file and its file of signed heads. The last two never lie inside the database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
from sqlalchemy import URL

from peritia.store.database import url_of


class Place(msgspec.Struct, frozen=True):
    """A database URL with its key file and its heads file."""

    url: URL
    key_file: Path
    heads_file: Path

    @property
    def sqlite_file(self) -> Path | None:
        """The file of a SQLite record."""
        return Path(self.url.database) if self.url.get_backend_name() == "sqlite" and self.url.database else None


def place_of(where: str | Path, *, key_file: Path | None = None, heads_file: Path | None = None) -> Place:
    """A record at a path or URL. Without other word, key and heads lie beside a SQLite file: for trials and tests."""
    url = url_of(where)
    if url.get_backend_name() == "sqlite":
        beside = Path(url.database or "record.sqlite")
        return Place(url, key_file or beside.with_suffix(".key"), heads_file or beside.with_suffix(".heads.jsonl"))
    stem = Path.home() / ".config" / "peritia" / (url.database or "record")
    return Place(url, key_file or stem.with_suffix(".key"), heads_file or stem.with_suffix(".heads.jsonl"))


def default_place(environment: Mapping[str, str], where: str | None = None) -> Place:
    """The user's record: ``where``, else PERITIA_RECORD, else one file in the user's data folder with its key and heads apart.

    PERITIA_KEY and PERITIA_HEADS say where those lie. Folders follow the XDG rules of the desktop.
    """
    key = environment.get("PERITIA_KEY")
    heads = environment.get("PERITIA_HEADS")
    where = where or environment.get("PERITIA_RECORD")
    if where is not None:
        return place_of(where, key_file=Path(key) if key else None, heads_file=Path(heads) if heads else None)
    home = Path(environment.get("HOME") or Path.home())
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local/share") / "peritia"
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "peritia"
    state = Path(environment.get("XDG_STATE_HOME") or home / ".local/state") / "peritia"
    return place_of(
        data / "record.sqlite",
        key_file=Path(key) if key else config / "record.key",
        heads_file=Path(heads) if heads else state / "record.heads.jsonl",
    )
