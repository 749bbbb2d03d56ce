"""Judged pixels, events and what became of them, registers of static sources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    state = op.create_table(
        "fire_judging",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(state, [{"id": 1, "sequence": 0}])
    op.create_table(
        "fire_judged",
        sa.Column("satellite", sa.String(200), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("west", sa.Double, nullable=False),
        sa.Column("south", sa.Double, nullable=False),
        sa.Column("east", sa.Double, nullable=False),
        sa.Column("north", sa.Double, nullable=False),
        sa.Column("made_from", sa.String(64), nullable=False),
        sa.Column("judged_by", sa.String(64), nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
    )
    op.create_index("fire_judged_day", "fire_judged", ["day"])
    op.create_table(
        "fire_events",
        sa.Column("event", sa.String(60), primary_key=True),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
        sa.Column("pixels", sa.Integer, nullable=False),
        sa.Column("satellites", sa.Text, nullable=False),
        sa.Column("official", sa.Boolean, nullable=False),
        sa.Column("lon", sa.Double, nullable=False),
        sa.Column("lat", sa.Double, nullable=False),
        sa.Column("west", sa.Double, nullable=False),
        sa.Column("south", sa.Double, nullable=False),
        sa.Column("east", sa.Double, nullable=False),
        sa.Column("north", sa.Double, nullable=False),
        sa.Column("across_m", sa.Double, nullable=False),
        sa.Column("frp_peak_mw", sa.Double),
        sa.Column("frp_peak_at", sa.BigInteger, nullable=False),
        sa.Column("frp_peak_by", sa.String(200), nullable=False),
        sa.Column("frp_last_mw", sa.Double),
        sa.Column("frp_pixel_mw", sa.Double),
        sa.Column("overpasses", sa.Integer, nullable=False),
        sa.Column("class", sa.String(20), nullable=False),
        sa.Column("crop_share", sa.Double),
        sa.Column("confidence", sa.Integer, nullable=False),
        sa.Column("adcode", sa.String(12), nullable=False),
        sa.Column("county", sa.Text, nullable=False),
        sa.Column("city_adcode", sa.String(12), nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("province_adcode", sa.String(12), nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("counties", sa.Text, nullable=False),
        sa.Column("disputed_border", sa.Boolean, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("verdict_by", sa.String(64), nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("alive", sa.Boolean, nullable=False),
        sa.Column("merged_into", sa.String(60), nullable=False),
    )
    op.create_index("fire_events_last_seen", "fire_events", ["last_seen"])
    op.create_index("fire_events_first_seen", "fire_events", ["first_seen"])
    op.create_table(
        "fire_event_history",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("event", sa.String(60), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("other", sa.String(60), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_index("fire_event_history_event", "fire_event_history", ["event"])
    op.create_table(
        "fire_registers",
        sa.Column("as_of", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("made_from", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "fire_static_sources",
        sa.Column("as_of", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("source", sa.String(60), primary_key=True),
        sa.Column("lon", sa.Double, nullable=False),
        sa.Column("lat", sa.Double, nullable=False),
        sa.Column("radius_m", sa.Double, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("days_outside", sa.Integer, nullable=False),
        sa.Column("span_days", sa.Integer, nullable=False),
        sa.Column("night_share", sa.Double),
        sa.Column("frp_median_mw", sa.Double),
        sa.Column("frp_p95_mw", sa.Double),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("learned_as_of", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "fire_static_reviews",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("fire_static_reviews_source", "fire_static_reviews", ["source"])
