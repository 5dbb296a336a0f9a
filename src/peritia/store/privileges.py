"""The role that the program works under on Postgres: may read and add events, and nothing else with them.

The owner of the tables runs the migrations and can switch triggers off; the program's daily role cannot.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from peritia.errors import PeritiaError


def writer_grants(role: str) -> tuple[str, ...]:
    """The statements that make a role a writer of the record."""
    if not role.replace("_", "").isalnum():
        raise PeritiaError("Found a role name with other signs than letters, digits and underscore", "a plain role name")
    return (
        f'GRANT SELECT, INSERT ON events TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE ON cases TO "{role}"',
        f'GRANT SELECT ON alembic_version TO "{role}"',
    )


def grant_writer(connection: Connection, role: str) -> None:
    """Make an existing role a writer; run as the owner of the tables."""
    for statement in writer_grants(role):
        connection.execute(text(statement))
