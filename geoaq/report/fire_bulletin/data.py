"""All that a bulletin of fires says, as numbers and codes: workbook, pages and map come from it alone."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, ValidationError

from geoaq.errors import InputError
from geoaq.report.sheet.shapes import Area, Path, Point
from geoaq.report.sheet.words import Words
from geoaq.report.tally import Record

Level = Literal["province", "city", "county"]
State = Literal["whole", "partial", "none"]


class Ledger(Record):
    """How many detections of the period count as a group, by source."""

    group: str
    satellite: int
    other: int
    push: int


class Unit(Record):
    """One unit of one level; None is unknown, never 0.

    ``before`` and ``year_ago`` are points of the last period and of the same days last year; ``cloud`` is the
    mean share (0–1) over the ``cloud_days`` days that the office stated.
    """

    level: Level
    adcode: str
    name: Words
    parent: Words
    straw: int
    verified: int
    suspected: int
    mixed: int
    open: int
    others: int
    events: int
    events_verified: int
    arable_ha: float | None
    intensity: float | None
    intensity_verified: float | None
    rank: int
    rank_intensity: int
    before: int | None
    year_ago: int | None
    cloud: float | None
    cloud_days: int


class Compared(Record):
    """Against an earlier period; without data of it there are no numbers."""

    first: date
    last: date
    state: State
    seen: int
    due: int
    points: int | None
    difference: int | None
    percent: float | None
    new: tuple[Words, ...] = ()
    gone: tuple[Words, ...] = ()


class Pass(Record):
    """On how many days of report the store has data of a satellite; ``missing`` of an expected one."""

    satellite: str
    expected: bool
    days: int
    seen: int
    missing: tuple[date, ...] = ()


class Detection(Record):
    """One point as the authorities' lists print it."""

    number: int
    source: Literal["satellite", "other", "push"]
    group: str
    reasons: tuple[str, ...]
    event: str
    city: Words
    county: Words
    town: str
    lon: float
    lat: float
    lon_dms: str
    lat_dms: str
    beijing: str
    utc: str
    satellite: str
    sensor: str
    footprint_km: str
    confidence: int
    frp_mw: float | None
    crop_share: float | None
    level: int
    open: bool
    verdict: str
    bans: tuple[Words, ...] = ()
    push_number: str = ""
    deadline: str = ""
    town_open: bool = False
    village: str = ""
    grid: str = ""


class Fire(Record):
    """One event; ``pixels`` are those of its whole life."""

    event: str
    group: str
    official: bool
    city: Words
    county: Words
    lon: float
    lat: float
    first: str
    last: str
    pixels: int
    satellites: tuple[str, ...]
    frp_peak_mw: float | None
    crop_share: float | None
    open: bool
    verdict: str
    bans: tuple[Words, ...] = ()


class Patrol(Record):
    """A township, or a cell where ``town`` is '', that burned in these weeks of earlier years, or now."""

    county: Words
    town: str
    lon: float
    lat: float
    years: int
    points: int
    last_year: int
    now: int


class Patrols(Record):
    """The list for patrols, and what it rests on; ``years`` lists the seasons of which there are data."""

    by_town: bool
    cell_deg: float
    margin_days: int
    asked_years: int
    years: tuple[int, ...]
    rows: tuple[Patrol, ...]
    left_out: int


class Source(Record):
    """Something that the bulletin was made from."""

    what: str
    name: Words
    version: str = ""
    sha256: str = ""


class Shapes(Record):
    """What the map draws; simplified, never measured."""

    box: tuple[float, float, float, float]
    areas: tuple[Area, ...]
    lines: tuple[Path, ...] = ()
    dots: tuple[tuple[Point, str], ...] = Field(default=(), description="place and group of a point")


class BulletinData(Record):
    """One bulletin.

    ``arable`` says where hectares come from (``office``, ``land_cover``, ``none``), ``clouds`` whether the
    office supplied a table, ``checks`` whether it did of checks on the spot; ``notes`` are further sentences
    of ``wording/bulletin.toml`` by code.
    """

    kind: Literal["day", "week", "range"]
    adcode: str
    area: Words
    first: date
    last: date
    ends_at: int
    since: str
    until: str
    as_of: date
    total: int
    ledger: tuple[Ledger, ...]
    events: int
    events_verified: int
    events_open: int
    open_points: int
    levels: tuple[Level, ...]
    units: tuple[Unit, ...]
    counted_units: tuple[int, ...] = Field(description="how many units each of `levels` has in the area")
    before: Compared
    year_ago: Compared
    passes: tuple[Pass, ...]
    arable: Literal["office", "land_cover", "none"]
    clouds: bool
    checks: bool
    points: tuple[Detection, ...]
    pushes: tuple[Detection, ...]
    aside: tuple[Detection, ...]
    points_left_out: int
    pushes_left_out: int
    aside_left_out: int
    fires: tuple[Fire, ...]
    fires_left_out: int
    patrols: Patrols
    unjudged: int = Field(default=0, description="days of sources whose detections are not judged yet")
    data_levels: tuple[tuple[str, int, int], ...]
    sources: tuple[Source, ...]
    attributions: tuple[Words, ...]
    unused_rows: int = Field(description="rows of the office's tables that could not be used")
    judged_state: str
    content_sha256: str = Field(description="of the judged detections that the bulletin counts")
    shapes: Shapes
    notes: tuple[str, ...] = ()
    remarks: tuple[Words, ...] = Field(default=(), description="printed at its head: demonstration data")


def bulletin_json(data: BulletinData) -> bytes:
    """Return a bulletin as JSON, always the same bytes."""
    return (data.model_dump_json(indent=1) + "\n").encode()


def read_bulletin(body: bytes) -> BulletinData:
    """Return a bulletin from its JSON.

    Raises
    ------
    InputError
        ``bad_bulletin``: it is not one.
    """
    try:
        return BulletinData.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "$"
        raise InputError("bad_bulletin", place=place, problem=first["msg"]) from error
