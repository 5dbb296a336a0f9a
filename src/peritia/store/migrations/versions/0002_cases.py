"""The index of cases for search. ``upgrade`` of the package fills it from the events; going down drops it and loses nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the index."""
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("centre", "title", "title_folded", "primary_site")),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("opened_at", "updated_at")),
    )
    op.create_index("cases_recent", "cases", ["centre", "updated_at", "case_id"])


def downgrade() -> None:
    """Drop the index; the events keep everything."""
    op.drop_table("cases")
