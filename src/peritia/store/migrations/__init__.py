"""The schema's revisions, run through Alembic: up at every opening where needed, down by ``downgrade``."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from peritia.store.database import reading, writing
from peritia.store.errors import SchemaUnknown
from peritia.store.index import rebuild

HEAD = "0003"
"""The revision that this program works with."""


def revision(engine: Engine) -> str:
    """The schema's revision; '' for an empty database."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def upgrade(engine: Engine, to: str = HEAD) -> None:
    """Bring the schema up. Two programs may start at once: the second waits and finds it done."""
    found = revision(engine)
    if found == to:
        return
    if found > HEAD:
        hint = "install the program's newer version again, or bring the schema down with it first"
        raise SchemaUnknown(f"The record has schema {found}", f"schema {HEAD} or older", hint)
    _run(engine, to, up=True)


def downgrade(engine: Engine, to: str) -> None:
    """Bring the schema down to a revision, or to ``base``. The first revision goes only while no events stand."""
    _run(engine, to, up=False)


def _run(engine: Engine, to: str, *, up: bool) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        (command.upgrade if up else command.downgrade)(config, to)
        if up and to == HEAD:
            rebuild(connection)  # here and not in a revision: an index follows the code of today, whatever revision the events came from
