"""What is asked for: the period, the area, the tables that the office brings."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from geoaq.errors import ConfigError, InputError
from geoaq.fires.bulletin import BulletinRule, Period, day_period, report_day, week_period
from geoaq.flows.fires.areas import version_of

# Years that a bulletin can be of; satellites have seen fires since the eighties.
_YEARS = 1980, 2100
_LONGEST_DAYS = 366


@dataclass(frozen=True)
class Towns:
    """The office's file of townships: its name and its hash."""

    name: str
    sha256: str


@dataclass(frozen=True)
class BulletinRequest:
    """One bulletin.

    Parameters
    ----------
    period
        Its days of report.
    adcode
        Province, prefecture or county; `geoaq.flows.fires.bulletin.COUNTRY` for all.
    as_of
        Day that is printed as 政策基准日. Verdicts are those of the moment of each fire, whatever it is.
    arable, clouds, checks
        The office's tables (``layers/product/{arable,cloud,check}_list.toml``); None: it has none.
    towns
        The file of townships that the detections were judged by (`kept_towns`); None: there is none.
    """

    period: Period
    adcode: str
    as_of: date
    arable: Path | None = None
    clouds: Path | None = None
    checks: Path | None = None
    towns: Towns | None = None


#: Where the office may keep its tables, below ``GEOAQ_DATA``: ``arable.xlsx``, ``checks.csv`` …
TABLES_DIR = Path("fires") / "office"
TABLES = ("arable", "clouds", "checks")


def kept_tables(data: Path) -> dict[str, Path]:
    """Return the tables that the office keeps in ``GEOAQ_DATA/fires/office``, by name of `TABLES`.

    Raises
    ------
    InputError
        ``bulletin_tables``: two files bear one name.
    """
    found: dict[str, Path] = {}
    for path in sorted((data / TABLES_DIR).glob("*")):
        if path.stem in TABLES and path.is_file():
            if path.stem in found:
                raise InputError("bulletin_tables", first=found[path.stem].name, second=path.name)
            found[path.stem] = path
    return found


def kept_towns(data: Path) -> Towns | None:
    """Return the townships that the office has loaded (``geoaq fires areas add``), None for none."""
    version = version_of(data, "township")
    return None if version is None else Towns(version.name, version.sha256)


def bulletin_rule(policy_dir: Path) -> tuple[BulletinRule, str]:
    """Return the numbers of ``fire_bulletin.toml`` and its SHA-256.

    Raises
    ------
    ConfigError
        ``policy_broken``.
    """
    path = policy_dir / "fire_bulletin.toml"
    try:
        content = path.read_bytes()
        table = tomllib.loads(content.decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError("policy_broken", where=path.name, problem=type(error).__name__) from error
    return BulletinRule.from_table(table), hashlib.sha256(content).hexdigest()


def newest_day(moment: int, policy_dir: Path) -> date:
    """Return the date of the day of report that holds a moment, seconds since 1970 UTC.

    Raises
    ------
    ConfigError
        ``policy_broken``.
    """
    return report_day(moment, ends_at=bulletin_rule(policy_dir)[0].ends_at)


def period_of(
    rule: BulletinRule,
    *,
    day: date | None = None,
    week: date | None = None,
    first: date | None = None,
    last: date | None = None,
    ends_at: int | None = None,
) -> Period:
    """Return the period that exactly one of day, week (any day of it) and first with last names.

    Raises
    ------
    InputError
        ``bulletin_period``: none or several; ``bulletin_span``: the last day before the first, or more than a
        year; ``bad_option``: an hour that is none, a year without satellites.
    """
    for one in (day, week, first, last):
        if one is not None and not _YEARS[0] <= one.year <= _YEARS[1]:
            raise InputError("bad_option", option="YYYY", value=one, expected="{}–{}".format(*_YEARS))
    hour = rule.ends_at if ends_at is None else ends_at
    if not 1 <= hour <= 24:
        raise InputError("bad_option", option="--ends-at", value=hour, expected="1–24")
    span = first is not None or last is not None
    if (day is not None) + (week is not None) + span != 1:
        raise InputError("bulletin_period")
    if day is not None:
        return day_period(day, ends_at=hour)
    if week is not None:
        return week_period(week, ends_at=hour)
    if first is None or last is None:
        raise InputError("bulletin_period")
    if last < first or (last - first).days >= _LONGEST_DAYS:
        raise InputError("bulletin_span", first=first, last=last, most=_LONGEST_DAYS)
    return Period("range", first, last, hour)
