"""A real Postgres for the suite."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

KEPT = 8
"""Databases that stand at once: those of earlier tests go."""


def _roomy() -> Path | None:
    """Memory, where there is enough of it: a database is a thousand small files."""
    memory = Path("/dev/shm")
    return memory if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2_000_000_000 else None


class Postgres:
    """A throw-away server on a socket of its own, run by an unprivileged user."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="peritia-pg-", dir=_roomy()))
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self._numbers = count(1)
        self._made: list[str] = []
        self.run("initdb", "-D", str(self.data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        self.start()

    def run(self, program: str, *arguments: str) -> None:
        how: dict[str, Any] = {"user": self.user, "group": self.user, "extra_groups": []} if os.getuid() == 0 else {}
        command = [str(self.programs / program), *arguments]
        log = self.folder / "run.log"
        with log.open("ab") as out:
            how |= {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": out, "cwd": self.folder, "timeout": 60}
            done = subprocess.run(command, check=False, **how)
        assert done.returncode == 0, log.read_text(errors="replace")

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c max_connections=40 -c fsync=off"
        self.run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "server.log"), "-w", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        name = f"record{next(self._numbers)}"
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
            while len(self._made) >= KEPT:
                connection.execute(text(f"DROP DATABASE {self._made.pop(0)} WITH (FORCE)"))
        engine.dispose()
        self._made.append(name)
        return self.url(name)
