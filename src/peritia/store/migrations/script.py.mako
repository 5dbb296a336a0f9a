"""${message}"""

from __future__ import annotations

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Bring up."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Bring down; no event is lost."""
    ${downgrades if downgrades else "pass"}
