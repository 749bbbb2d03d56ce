"""``geoaq fires``: detections of fires into the store and out of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

import typer

from geoaq.cli.fires_issues import issue_lines
from geoaq.cli.fires_judging import judge_store, judged
from geoaq.cli.fires_spoken import spoken
from geoaq.cli.language import language
from geoaq.cli.progress import shown
from geoaq.errors import InputError
from geoaq.wording import say

if TYPE_CHECKING:
    from geoaq.store.fires.places import Box
    from geoaq.store.fires.store import FireStore

app = typer.Typer(help="火点。 Detections of fires.", no_args_is_help=True, rich_markup_mode=None)
_CHINA = ZoneInfo("Asia/Shanghai")
_ALL = 1 << 40
_COUNTRY = "100000"

Files = Annotated[
    list[Path],
    typer.Argument(
        help="FIRMS、JAXA 火点文件，本省平台导出的表格或矢量文件。 Files of detections.", metavar="FILE"
    ),
]
Source = Annotated[
    str, typer.Option(help="来源名称，如平台名，随文件保存。 Where the files are from, kept with them.")
]
Kind = Annotated[
    str | None,
    typer.Option(
        help="未写明时的种类：camera、tower、drone、report、platform、push。 Kind if none is stated."
    ),
]
Datum = Annotated[str | None, typer.Option(help="清单未注明时的坐标系，如 GCJ-02。 Datum if none is stated.")]
First = Annotated[str, typer.Option("--from", help="首日（北京时间）YYYY-MM-DD。 First day, Beijing time.")]
Last = Annotated[str, typer.Option("--to", help="末日（北京时间），含当日。 Last day, included.")]
Out = Annotated[
    Path, typer.Option(help="要写的文件：.csv、.xlsx、.parquet 或 .geojson（须不存在）。 File to write.")
]
Satellites = Annotated[
    list[str] | None, typer.Option("--satellite", help="只要这颗卫星，可重复。 Only this one; repeatable.")
]
BoxText = Annotated[
    str | None,
    typer.Option("--box", help="西,南,东,北（度，WGS 84）。 West,south,east,north.", metavar="W,S,E,N"),
]

Classes = Annotated[
    list[str] | None,
    typer.Option("--class", help="只要此类，如 straw_likely，可重复。 Only this class; repeatable."),
]
Areas = Annotated[
    list[str] | None,
    typer.Option("--area", help="行政区划代码或其开头（34、3413、341302），可重复。 Beginning of an adcode."),
]
Plain = Annotated[
    bool, typer.Option("--plain", help="只写火点本身，不含研判结果。 Detections alone, not judged.")
]


@app.command()
def ingest(files: Files, source: Source = "", kind: Kind = None, datum: Datum = None) -> None:
    """火点入库：按卫星和日去重、更新，可中断后续作。 Take detections in; stopped, it goes on where it was."""
    from geoaq.catalog import Catalog
    from geoaq.flows.fires.ingest import ingest_files

    lang = language()
    product = Catalog.load().products["fire_list"]
    now = int(datetime.now(UTC).timestamp())
    refused = 0
    first = say("cli.fires_taking", lang, count=len(files))
    with opened() as store, shown(lang) as bars, spoken(first, lang, bars) as progress:
        for path in files:
            try:
                (outcome,) = ingest_files(
                    store, [path], product=product, source=source, kind=kind, datum=datum, fetched_at=now,
                    progress=progress,
                )  # fmt: skip
            except InputError as error:
                if error.code == "bad_option":
                    raise
                # One table that cannot be read keeps none of the others out.
                text = error.message(lang)
                typer.echo(text if path.name in text else f"{path.name}: {text}", err=True)
                refused += 1
                continue
            taken = outcome.taken
            word = "fires_taken" if taken.new else "fires_known"
            told = {"rows": taken.ingest.rows, "parts": taken.changed, "issues": taken.ingest.issues}
            typer.echo(say(f"cli.{word}", lang, name=path.name, **told))
            for line in issue_lines(store, taken.ingest.sha256, lang) if taken.new else ():
                typer.echo(line)
        if refused < len(files):
            judged(store, progress)
    if refused:
        if len(files) > 1:
            typer.echo(say("cli.fires_refused", lang, count=refused, files=len(files)), err=True)
        raise typer.Exit(2)


@app.command()
def export(
    first: First,
    last: Last,
    out: Out,
    satellite: Satellites = None,
    box: BoxText = None,
    fire_class: Classes = None,
    area: Areas = None,
    plain: Plain = False,
) -> None:
    """导出火点：类别、理由、归属、所属火情。 Write fire pixels with class, reasons, county and event."""
    from geoaq.report.detections import SUFFIXES, write_detections
    from geoaq.store.fires.judged import JUDGED_SCHEMA
    from geoaq.store.fires.rows import SCHEMA

    refuse_out(out, SUFFIXES)
    if plain and (fire_class or area):
        raise InputError("bad_option", option="--plain", value="", expected="--class / --area")
    since, until = span_of(first, last)
    bounds, classes, areas = box_of(box), classes_of(fire_class), areas_of(area)
    with opened() as store:
        if plain:
            found = store.visible_days(since, until, box=bounds, satellites=satellite or None)
        else:
            up_to_date(store)
            found = store.judged_days(
                since, until, box=bounds, satellites=satellite or None, classes=classes, adcodes=areas
            )
        schema = SCHEMA if plain else JUDGED_SCHEMA
        count = write_detections(out, (table for _, table in found), schema, language())
    typer.echo(say("cli.fires_written", language(), path=out, count=count))


@app.command()
def status() -> None:
    """火点库现状：来源、级别、起止时间、入库文件。 What the store holds, and where it came from."""
    from geoaq.cards.fires import source_name

    lang = language()
    with opened() as store:
        for satellite, kind, level, rows, days, first, last in store.manifest.counts():
            words = ("URT", "RT", "NRT", "SP")[level] if kind == "satellite" else ""
            told = {"rows": rows, "days": days, "first": moment(first), "last": moment(last)}
            name = source_name(satellite, kind, lang)
            typer.echo(f"{_wide(name, 14)} {words:4} " + say("cli.fires_held", lang, **told))
        ingests = store.manifest.ingests()
        rows, issues = sum(one.rows for one in ingests), sum(one.issues for one in ingests)
        typer.echo(say("cli.fires_lists", lang, count=len(ingests), rows=rows, issues=issues))
        typer.echo(say("cli.fires_state", lang, state=store.manifest.state()[:16]))


def _wide(text: str, width: int) -> str:
    """Fill a name up to a width on the terminal, where a Chinese character takes two columns."""
    return text + " " * (width - sum(2 if east_asian_width(one) in "WF" else 1 for one in text))


def opened() -> FireStore:
    """Open the store of this installation."""
    from geoaq.settings import data_dir, database_url
    from geoaq.store.fires.store import FireStore

    return FireStore(data_dir(), database_url())


def up_to_date(store: FireStore) -> None:
    """Judge first what is not judged as it is, so that no row is left out and no verdict is an old one.

    Raises
    ------
    ConfigError
        ``layers_not_built``: nothing can be judged yet.
    """
    known = {entry.place: entry.made_from for entry in store.judged_entries()}
    if any(known.get(place) != mark.made_from for place, mark in store.visible_marks().items()):
        with shown(language()) as progress:
            judge_store(store, progress)
    elif stale_verdicts(store):
        with shown(language()) as progress:
            judged(store, progress)


def stale_verdicts(store: FireStore) -> bool:
    """Say whether a verdict was found by other plans, zones, permits or boundaries than those of now."""
    from geoaq.catalog import Catalog
    from geoaq.flows.fires.own_zones import own_bans
    from geoaq.settings import data_dir
    from geoaq.store.zones import ZoneStore

    bans = own_bans(ZoneStore(store.engine), Catalog.load().policy_dir, data_dir() / "layers")
    return len(store.stale_events(bans.token, 1)) > 0


def refuse_out(out: Path, suffixes: tuple[str, ...]) -> None:
    """Refuse a file that is there already, or whose name ends in nothing that can be written."""
    if out.suffix not in suffixes:
        raise InputError("bad_option", option="--out", value=out.name, expected=" ".join(suffixes))
    if out.exists():
        raise InputError("out_file_exists", path=out.name)


def classes_of(words: list[str] | None) -> list[str] | None:
    """Return the classes of an option ``--class``; None for all."""
    from geoaq.store.fires.judged import CLASSES

    wrong = sorted(set(words or ()) - set(CLASSES))
    if wrong:
        raise InputError("bad_option", option="--class", value=wrong[0], expected=", ".join(CLASSES))
    return words or None


def areas_of(words: list[str] | None) -> list[str] | None:
    """Return how the county codes of an option ``--area`` begin; None for the whole country.

    The code of a prefecture or province may be given in full: 340000 is all that begins with 34.

    Raises
    ------
    InputError
        ``unknown_area``: no county's code begins so. Before boundaries are built only its form is looked at.
    """
    from geoaq.flows.fires.places import county_codes
    from geoaq.settings import data_dir

    if not words:
        return None
    known, begins = county_codes(data_dir() / "layers"), []
    for word in words:
        if word == _COUNTRY:
            return None
        begin = re.sub(r"(00){1,2}$", "", word) if len(word) == len(_COUNTRY) else word
        good = re.fullmatch(r"[1-8][0-9]{1,5}", begin) is not None
        if not good or (known and not any(code.startswith(begin) for code in known)):
            raise InputError("unknown_area", value=word[:20])
        begins.append(begin)
    return begins


def span_of(first: str | None, last: str | None) -> tuple[int, int]:
    """Return the first second of some days in Beijing and the first after them; None: without end."""
    since = 0 if first is None else midnight("--from", first)
    until = _ALL if last is None else midnight("--to", last, days=1)
    if until <= since:
        raise InputError("bad_option", option="--to", value=last, expected=f"--from {first}")
    return since, until


def midnight(option: str, text: str, *, days: int = 0) -> int:
    """Return the beginning of a day in Beijing, so many days later, seconds since 1970 UTC."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
    except (ValueError, OverflowError):
        raise InputError("bad_option", option=option, value=text, expected="YYYY-MM-DD") from None
    return int(datetime(day.year, day.month, day.day, tzinfo=_CHINA).timestamp())


def moment(seconds: int) -> str:
    """Return a moment as text, Beijing time."""
    return datetime.fromtimestamp(seconds, _CHINA).strftime("%Y-%m-%d %H:%M")


def box_of(text: str | None) -> Box | None:
    """Return the box that an option ``--box`` states, None for none."""
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west, south, east, north = 1.0, 1.0, 0.0, 0.0
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InputError("bad_option", option="--box", value=text, expected="115.8,32.5,116.9,33.6")
    return west, south, east, north
