"""The tables of the fire job: one plain schema, the same in SQLite and in PostgreSQL.

What stands here is what the newest step in ``migrations`` leaves behind; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()

# One row: whose pixel files these are, and how many changes were committed. Whoever commits counts it up.
STATE = Table(
    "fire_state",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("store", String(32), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
# The manifest: a file of pixels is there when its row is.
FILES = Table(
    "fire_files",
    METADATA,
    Column("satellite", String(200), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # UTC, days since 1970-01-01
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("path", String(200), nullable=False),  # below `pixels`
    Column("sha256", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),  # acquired, s since 1970 UTC
    Column("last", BigInteger, nullable=False),
    Column("west", Double, nullable=False),
    Column("south", Double, nullable=False),
    Column("east", Double, nullable=False),
    Column("north", Double, nullable=False),
    Column("changed", BigInteger, nullable=False),  # `sequence` of the change that it came with
    Index("fire_files_day", "day"),
    Index("fire_files_changed", "changed"),
)
# Where the rows came from: one row for each file that was taken in.
INGESTS = Table(
    "fire_ingests",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("fetched_at", BigInteger, nullable=False),  # s since 1970 UTC
    Column("ingested_at", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("issues", BigInteger, nullable=False),
    Column("issues_path", String(200), nullable=False),  # below `issues`; '' when there are none
)
# Long texts of single detections (picture, remark, columns that no contract names), as JSON.
EXTRA = Table(
    "fire_extra",
    METADATA,
    Column(
        "key", BigInteger, primary_key=True, autoincrement=False
    ),  # uint64, kept as int64 of the same bits
    Column("sha256", String(64), primary_key=True),  # of the text: the same text comes once
    Column("text", Text, nullable=False),
)
