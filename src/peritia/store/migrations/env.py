"""Alembic's entry: runs revisions on the connection that it is handed, inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from peritia.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
