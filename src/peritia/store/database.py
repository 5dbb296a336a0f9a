"""The engine: SQLite (one file, WAL, every commit on the disk) or Postgres by URL; and its errors, by our names.

On both a write is one transaction, and writers take turns: SQLite by ``BEGIN IMMEDIATE``, Postgres by an advisory lock.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from peritia.errors import PeritiaError
from peritia.store.errors import RecordBusy, RecordDamaged, RecordError, RecordFull, RecordRefused, RecordUnreachable

BUSY_MS = 20_000
"""How long a writer waits for its turn."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_WRITERS = 0x5065726974  # "Perit": the advisory lock that writers take in turn
_BETWEEN, _EVERYWHERE = "\x1f", "\x1e"  # no centre's name holds them: control characters are refused
_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_MS}", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON",
)  # fmt: skip


def url_of(place: str | Path) -> URL:
    """A database URL, or the path of a SQLite file."""
    if isinstance(place, Path) or "://" not in place:
        return URL.create("sqlite", database=str(Path(place).expanduser().absolute()))
    try:
        url = make_url(place)
    except ArgumentError:
        raise PeritiaError("Found a database URL that cannot be read", "postgresql://user@host/name or a path") from None
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise PeritiaError(f"Found a URL for {backend}", "sqlite or postgresql")
    return url.set(drivername="postgresql+psycopg") if backend == "postgresql" else url


def connect(url: URL) -> Engine:
    """The engine. Its errors never carry the values of a statement."""
    try:
        if url.get_backend_name() == "sqlite":
            return _sqlite(url)
        waits = f"-c lock_timeout={BUSY_MS} -c timezone=UTC"
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args={"options": waits})
    except NoSuchModuleError:
        raise PeritiaError(f"No driver for {url.drivername} is installed", "postgresql or sqlite") from None


def _sqlite(url: URL) -> Engine:
    if url.database:
        _private(Path(url.database))
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _private(file: Path) -> None:
    """The file and its folder, where they are made anew, are for their owner only; what WAL keeps beside the file follows it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        found = f"The record's file cannot be made: {error.strerror or error}"
        raise RecordUnreachable(found, "a folder that you may write to", "check path and owner") from None


@contextmanager
def reading(engine: Engine, centres: frozenset[str] | None = None) -> Generator[Connection]:
    """A transaction that sees one state of the record throughout; on Postgres only of those centres (None: the program's own work)."""
    with named_errors(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            narrow(connection, centres)
            yield connection


@contextmanager
def writing(engine: Engine) -> Generator[Connection]:
    """A transaction that holds the writers' turn. Taken whole at its end, or not at all."""
    with named_errors(), engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _WRITERS})
        narrow(connection, None)
        yield connection


def narrow(connection: Connection, centres: frozenset[str] | None) -> None:
    """From here to its end the transaction sees and writes rows of these centres only: the second line, behind the checks in the code.

    Postgres keeps to it by row-level security, for every role but the tables' owner. SQLite has no such thing.
    """
    if connection.dialect.name == "postgresql":
        told = _EVERYWHERE if centres is None else _BETWEEN.join(sorted(one for one in centres if one.isprintable()))
        connection.execute(text("SELECT set_config('peritia.centres', :told, true)"), {"told": told})


@contextmanager
def named_errors() -> Generator[None]:
    """What goes wrong inside, by our names; also a decorator."""
    try:
        yield
    except DBAPIError as error:
        raise named(error) from None
    except sqlite3.Error as error:
        raise _of_sqlite(getattr(error, "sqlite_errorname", "")) from None
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise RecordFull("No room to write", "free space where the file goes", "make room; what was begun is undone") from None


def named(error: DBAPIError) -> RecordError:
    """The error by our name. The driver's own text stays out: it can quote a row."""
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(getattr(error.orig, "sqlite_errorname", ""))
    code = getattr(error.orig, "sqlstate", None) or ("08000" if isinstance(error, OperationalError | InterfaceError) else "")
    return _of_postgres(code)


def _of_sqlite(code: str) -> RecordError:
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return RecordBusy("Another writer holds the record", "a turn within seconds", "try again; nothing was written")
    if code in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_TRUNCATE"):
        return RecordFull(f"No room to write ({code})", "free space where the record lies", "make room; nothing was written")
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR")):
        return RecordDamaged(f"The record's file is damaged ({code})", "a whole SQLite file", "restore it from the last backup")
    if code.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
        return RecordUnreachable(f"The record's file cannot be opened for writing ({code})", "a file that you own", "check path and owner")
    return RecordRefused(f"The database refused the statement ({code or 'no code'})", "what the record's rules allow")


def _of_postgres(code: str) -> RecordError:
    if code in ("55P03", "40001", "40P01"):
        return RecordBusy("Another writer holds the record", "a turn within seconds", "try again; nothing was written")
    if code.startswith("53"):
        return RecordFull(f"The database server has no room ({code})", "free space on the server", "make room; nothing was written")
    if code in ("XX001", "XX002"):
        return RecordDamaged(f"The database is damaged ({code})", "whole tables", "restore it from the last backup")
    if code.startswith(("08", "57")) or code == "3D000":
        hint = "when it is back, send the same request again: it is written once"
        return RecordUnreachable(f"The database does not answer ({code})", "a running server", hint)
    return RecordRefused(f"The database refused the statement ({code or 'no code'})", "what the record's rules allow")
