"""On Postgres the database itself keeps a transaction to the centres that it names. SQLite has no such rules; there the code does."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

# The centres of a transaction stand in a setting that ends with it: joined by the unit separator, or the record separator for the program's
# own work (the chain's end, verification, backup); neither can stand in a centre's name. Without the setting no row is seen. The sub-select
# is worked out once a statement, not once a row.
_SEEN = (
    "centre = ANY ((SELECT string_to_array(current_setting('peritia.centres', true), E'\\x1f'))::text[])"
    " OR (SELECT current_setting('peritia.centres', true)) = E'\\x1e'"
)
_UP = (
    # The order of the chain is held over all rows, whoever writes: the trigger looks with its owner's eyes.
    "ALTER FUNCTION events_follow() SECURITY DEFINER SET search_path FROM CURRENT",
    *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in ("events", "cases")),
    f"CREATE POLICY events_of_centres ON events USING ({_SEEN})",
    f"CREATE POLICY cases_of_centres ON cases USING ({_SEEN})",
)
_DOWN = (
    "DROP POLICY cases_of_centres ON cases",
    "DROP POLICY events_of_centres ON events",
    *(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY" for table in ("cases", "events")),
    "ALTER FUNCTION events_follow() SECURITY INVOKER",
)


def upgrade() -> None:
    """Set the rules. They bind every role but the tables' owner."""
    _run(_UP)


def downgrade() -> None:
    """Take the rules off."""
    _run(_DOWN)


def _run(statements: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements:
            op.execute(statement)
