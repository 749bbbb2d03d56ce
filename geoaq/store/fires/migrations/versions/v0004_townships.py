"""Events tell their townships, villages and grid cells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns; an event of before has none of them until it is judged by areas."""
    for name in ("township", "townships", "villages", "grids"):
        op.add_column("fire_events", sa.Column(name, sa.Text, nullable=False, server_default=""))
    disputed = sa.Column("disputed_township", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("fire_events", disputed)
