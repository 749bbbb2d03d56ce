"""The tables of the fire job: one plain schema, the same in SQLite and in PostgreSQL.

What stands here is what the newest step in ``migrations`` leaves behind; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
)

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
# What was asked for and answered in whole: a satellite, a span of time, a box.
LOOKS = Table(
    "fire_looks",
    METADATA,
    Column("satellite", String(200), primary_key=True),
    Column("since", BigInteger, primary_key=True, autoincrement=False),  # s since 1970 UTC
    Column("until", BigInteger, primary_key=True, autoincrement=False),  # not included
    Column("west", Double, primary_key=True, autoincrement=False),
    Column("south", Double, primary_key=True, autoincrement=False),
    Column("east", Double, primary_key=True, autoincrement=False),
    Column("north", Double, primary_key=True, autoincrement=False),
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
# One row: how many changes of what was judged were committed. Whoever commits counts it up.
JUDGING = Table(
    "fire_judging",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
)
# A file of judged pixels is there when its row is: one for a source and a UTC day.
JUDGED = Table(
    "fire_judged",
    METADATA,
    Column("satellite", String(200), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("path", String(200), nullable=False),  # below `judged`
    Column("sha256", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("west", Double, nullable=False),
    Column("south", Double, nullable=False),
    Column("east", Double, nullable=False),
    Column("north", Double, nullable=False),
    Column("made_from", String(64), nullable=False),  # of the files of pixels that it was made from
    Column("judged_by", String(64), nullable=False),  # of the rules and layers that it was judged by
    Column("changed", BigInteger, nullable=False),  # `fire_judging.sequence` of the change it came with
    Index("fire_judged_day", "day"),
)
# Events, also those that were merged into others or are gone: `geoaq.frames.FIRE_EVENTS` says what they hold.
EVENTS = Table(
    "fire_events",
    METADATA,
    Column("event", String(60), primary_key=True),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("pixels", Integer, nullable=False),
    Column("satellites", Text, nullable=False),
    Column("official", Boolean, nullable=False),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("west", Double, nullable=False),
    Column("south", Double, nullable=False),
    Column("east", Double, nullable=False),
    Column("north", Double, nullable=False),
    Column("across_m", Double, nullable=False),
    Column("frp_peak_mw", Double),
    Column("frp_peak_at", BigInteger, nullable=False),
    Column("frp_peak_by", String(200), nullable=False),
    Column("frp_last_mw", Double),
    Column("frp_pixel_mw", Double),
    Column("overpasses", Integer, nullable=False),
    Column("class", String(20), nullable=False),
    Column("crop_share", Double),
    Column("confidence", Integer, nullable=False),
    Column("adcode", String(12), nullable=False),
    Column("county", Text, nullable=False),
    Column("city_adcode", String(12), nullable=False),
    Column("city", Text, nullable=False),
    Column("province_adcode", String(12), nullable=False),
    Column("province", Text, nullable=False),
    Column("counties", Text, nullable=False),
    Column("disputed_border", Boolean, nullable=False),
    Column("township", Text, nullable=False, server_default=""),
    Column("townships", Text, nullable=False, server_default=""),
    Column("disputed_township", Boolean, nullable=False, server_default=false()),
    Column("villages", Text, nullable=False, server_default=""),
    Column("grids", Text, nullable=False, server_default=""),
    Column("level", Integer, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("rules", Text, nullable=False),
    Column("verdict_by", String(64), nullable=False),  # of the rules, zones and permits that it was judged by
    Column("changed", BigInteger, nullable=False),
    Column("alive", Boolean, nullable=False),
    Column("merged_into", String(60), nullable=False),
    Index("fire_events_last_seen", "last_seen"),
    Index("fire_events_first_seen", "first_seen"),
)
# What became of events: rows are added, never changed.
EVENT_HISTORY = Table(
    "fire_event_history",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),  # inside its change
    Column("event", String(60), nullable=False),
    Column("what", String(20), nullable=False),
    Column("other", String(60), nullable=False),
    Column("at", BigInteger, nullable=False),  # s since 1970 UTC; the order is that of `sequence`
    Column("why", Text, nullable=False),
    Index("fire_event_history_event", "event"),
)
# The register of static sources as it was learned for a month, from the days before its first.
REGISTERS = Table(
    "fire_registers",
    METADATA,
    Column("as_of", Integer, primary_key=True, autoincrement=False),  # first day of the month, since 1970
    Column("made_from", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("changed", BigInteger, nullable=False),
)
STATIC_SOURCES = Table(
    "fire_static_sources",
    METADATA,
    Column("as_of", Integer, primary_key=True, autoincrement=False),
    Column("source", String(60), primary_key=True),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("radius_m", Double, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("days", Integer, nullable=False),
    Column("days_outside", Integer, nullable=False),
    Column("span_days", Integer, nullable=False),
    Column("night_share", Double),
    Column("frp_median_mw", Double),
    Column("frp_p95_mw", Double),
    Column("expires", BigInteger, nullable=False),
    Column("learned_as_of", BigInteger, nullable=False),
)
# What people decided about a static source: rows are added, never changed; the last one counts.
STATIC_REVIEWS = Table(
    "fire_static_reviews",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("source", String(60), nullable=False),
    Column("decision", String(20), nullable=False),
    Column("by", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("fire_static_reviews_source", "source"),
)
# Zones of an office, what distances are kept from, and permits to burn: rows are added, never changed.
ZONES = Table(
    "fire_zones",
    METADATA,
    Column("zone", String(20), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("class", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("basis", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("day", String(10), nullable=False),  # of issue
    Column("article", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("first", Integer, nullable=False),  # days in Beijing since 1970-01-01
    Column("last", Integer),
    Column("seasons", Text, nullable=False),  # JSON: pairs of MM-DD
    Column("hours", Text, nullable=False),  # JSON: pairs of HH:MM, Beijing
    Column("complete_for", Text, nullable=False),  # codes, joined by ';'
    Column("radius_km", Double),
    Column("shape", Text, nullable=False),  # WKB in hexadecimal, WGS 84
    Column("ended", Boolean, nullable=False),  # from `first` on nothing holds any more
    Column("file", Text, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("recorded", BigInteger, nullable=False),  # s since 1970 UTC; nothing is decided by it
    Column("by", Text, nullable=False),
    Column("remark", Text, nullable=False),
)
PERMITS = Table(
    "fire_permits",
    METADATA,
    Column("permit", String(20), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("day", String(10), nullable=False),
    Column("begin", BigInteger, nullable=False),  # s since 1970 UTC, both included
    Column("end", BigInteger, nullable=False),
    Column("wind_ms", Double),
    Column("aqi", Double),
    Column("shape", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("remark", Text, nullable=False),
)
