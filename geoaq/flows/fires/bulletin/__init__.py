"""The bulletin of an area and a period: from the judged store and the office's tables to its files."""

from geoaq.flows.fires.bulletin.area import COUNTRY, Area, open_area
from geoaq.flows.fires.bulletin.choices import AreaChoices, area_choices
from geoaq.flows.fires.bulletin.files import KINDS, write_bulletin
from geoaq.flows.fires.bulletin.make import make_bulletin
from geoaq.flows.fires.bulletin.request import (
    TABLES,
    BulletinRequest,
    bulletin_rule,
    kept_tables,
    kept_towns,
    newest_day,
    period_of,
)

__all__ = [
    "COUNTRY",
    "KINDS",
    "TABLES",
    "Area",
    "AreaChoices",
    "BulletinRequest",
    "area_choices",
    "bulletin_rule",
    "kept_tables",
    "kept_towns",
    "make_bulletin",
    "newest_day",
    "open_area",
    "period_of",
    "write_bulletin",
]
