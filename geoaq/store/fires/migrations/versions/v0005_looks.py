"""What was asked for and answered in whole, also where nothing burned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "fire_looks",
        sa.Column("satellite", sa.String(200), primary_key=True),
        sa.Column("since", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("until", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("west", sa.Double, primary_key=True, autoincrement=False),
        sa.Column("south", sa.Double, primary_key=True, autoincrement=False),
        sa.Column("east", sa.Double, primary_key=True, autoincrement=False),
        sa.Column("north", sa.Double, primary_key=True, autoincrement=False),
    )
