"""The record: one table of events that can only grow, in order, each naming the hash before it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from peritia.store.errors import RecordRefused

revision = "0001"
down_revision = None

_TEXTS = (
    "centre", "action", "section", "entry", "payload", "so_on", "reason", "by", "role", "client", "claimed_at", "written_at", "known_at",
    "request", "request_digest", "origin", "key", "previous", "hash",
)  # fmt: skip

# The rules stand in the database itself: not even the program's own role changes or removes an event, and none goes in out of order.
# (INSERT OR REPLACE would delete without a delete trigger; it is stopped by the order.)
_SQLITE = (
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "CREATE TRIGGER events_in_order BEFORE INSERT ON events"
    " WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM events)"
    " OR NEW.previous <> COALESCE((SELECT hash FROM events WHERE seq = NEW.seq - 1), '" + "0" * 64 + "')"
    " BEGIN SELECT RAISE(ABORT, 'events follow one another'); END",
)
_POSTGRES = (
    "CREATE FUNCTION events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$",
    "CREATE FUNCTION events_follow() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$ BEGIN"
    " IF NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM events)"
    " OR NEW.previous <> COALESCE((SELECT hash FROM events WHERE seq = NEW.seq - 1), '" + "0" * 64 + "')"
    " THEN RAISE EXCEPTION 'events follow one another'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION events_are_append_only()",
    "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION events_are_append_only()",
    "CREATE TRIGGER events_in_order BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION events_follow()",
    "REVOKE ALL ON events FROM PUBLIC",
)


def upgrade() -> None:
    """Make the table and its rules."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    count = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "events",
        sa.Column("seq", count, primary_key=True, autoincrement=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("version", count, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in _TEXTS),
        sa.UniqueConstraint("case_id", "version", name="events_case_version"),
    )
    where = sa.text("request <> ''")
    op.create_index("events_request", "events", ["centre", "request"], sqlite_where=where, postgresql_where=where)
    for statement in _SQLITE if sqlite else _POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    """Remove the table, while it is empty: no migration loses an event."""
    connection = op.get_bind()
    if count := connection.execute(sa.text("SELECT COUNT(*) FROM events")).scalar():
        raise RecordRefused(f"The record holds {count} events", "an empty record to remove its tables from", "export it first")
    op.drop_table("events")
    if connection.dialect.name == "postgresql":
        op.execute("DROP FUNCTION events_are_append_only()")
        op.execute("DROP FUNCTION events_follow()")
