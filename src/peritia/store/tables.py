"""The tables, the same on SQLite and Postgres. Made and changed only by the migrations; a test holds the two equal.

``events`` is the record. ``cases`` is an index over it for search and paging: it can be thrown away and built again.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint, text

metadata = MetaData()
_COUNT = BigInteger().with_variant(Integer(), "sqlite")

events = Table(
    "events",
    metadata,
    Column("seq", _COUNT, primary_key=True, autoincrement=False),
    Column("case_id", Text, nullable=False),
    Column("version", _COUNT, nullable=False),
    *(
        Column(name, Text, nullable=False)
        for name in (
            "centre", "action", "section", "entry", "payload", "so_on", "reason", "by", "role", "client", "claimed_at", "written_at",
            "known_at", "request", "request_digest", "origin", "key", "previous", "hash",
        )
    ),
    UniqueConstraint("case_id", "version", name="events_case_version"),
    Index("events_request", "centre", "request", sqlite_where=text("request <> ''"), postgresql_where=text("request <> ''")),
)  # fmt: skip

cases = Table(
    "cases",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("centre", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_folded", Text, nullable=False),
    Column("primary_site", Text, nullable=False),
    Column("version", _COUNT, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Index("cases_recent", "centre", "updated_at", "case_id"),
)
