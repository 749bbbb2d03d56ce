"""What Alembic runs: every step that is missing, inside the transaction that `engine.migrate` opened."""

from __future__ import annotations

from alembic import context


def run() -> None:
    """Take the missing steps on the connection that was handed in."""
    context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


if hasattr(context, "config"):  # not when it is merely imported
    run()
