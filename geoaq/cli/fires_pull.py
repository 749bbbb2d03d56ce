"""``geoaq fires pull``: detections from FIRMS into the store, or into a folder that is carried elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geoaq.cli.fires import box_of, opened
from geoaq.cli.fires_judging import judged
from geoaq.cli.language import language
from geoaq.cli.progress import shown
from geoaq.errors import InputError
from geoaq.wording import say

if TYPE_CHECKING:
    from geoaq.flows.fires.fetching import Wanted
    from geoaq.flows.fires.pulling import Pulled

# Exit codes beside 0: something came and something did not; nothing came.
PARTLY, NOTHING = 3, 2
_SPAN = ("--from", "--to")

Days = Annotated[
    int | None,
    typer.Option(min=1, max=366, help="最近几天（UTC 日，含今天）。 The last N days, UTC, with today."),
]
First = Annotated[str | None, typer.Option("--from", help="首日（UTC）YYYY-MM-DD。 First day, UTC.")]
Last = Annotated[str | None, typer.Option("--to", help="末日（UTC），含当日；默认今天。 Last day, included.")]
Sensors = Annotated[
    list[str] | None,
    typer.Option(
        "--sensor", help="modis、snpp、noaa20、noaa21，可重复；默认全部。 Only this one; repeatable."
    ),
]
BoxText = Annotated[
    str | None,
    typer.Option("--box", help="西,南,东,北（度），默认全国范围。 West,south,east,north.", metavar="W,S,E,N"),
]
Archive = Annotated[bool, typer.Option("--archive", help="取标准产品（数月前）。 Standard processing.")]
Save = Annotated[
    Path | None,
    typer.Option(
        help="只把文件存到此文件夹，不入库，供带入内网。 Only save the files here.", metavar="FOLDER"
    ),
]
Attempts = Annotated[int, typer.Option(min=1, max=20, help="每个请求最多尝试次数。 Attempts at one request.")]
ProgressFile = Annotated[Path | None, typer.Option(hidden=True)]


def pull(
    days: Days = None,
    first: First = None,
    last: Last = None,
    sensor: Sensors = None,
    box: BoxText = None,
    archive: Archive = False,
    save: Save = None,
    attempts: Attempts = 5,
    progress_file: ProgressFile = None,
) -> None:
    """从 FIRMS 拉取火点并入库，可中断后续作。 Fetch detections from FIRMS and take them in."""
    from geoaq.catalog import Catalog
    from geoaq.flows.fires import fetching, pulling
    from geoaq.settings import data_dir
    from geoaq.store.fires.feed_log import FeedLog
    from geoaq.store.fires.looks import Looks

    lang = language()
    product = Catalog.load().products["fire_list"]
    now = datetime.now(UTC)
    wanted = _wanted(days, (first, last), sensor, box, now.date(), archive=archive)
    at = int(now.timestamp())
    with (
        fetching.open_feed(time.monotonic, attempts=attempts) as (feed, keyed),
        shown(lang, progress_file) as progress,
    ):
        if save is not None:
            work = pulling.Pull(feed, pulling.left, save, keyed=keyed, now=at, progress=progress)
            outcomes = _told(work.run(wanted, None), lang, save)
        else:
            with fetching.fetching_alone(data_dir()) as folder, opened() as store:
                take = pulling.taking(store, product, at, progress)
                looks = Looks(store.engine)
                work = pulling.Pull(
                    feed, take, folder, keyed=keyed, now=at, progress=progress, looks=looks
                )  # fmt: skip
                outcomes = _told(work.run(wanted, FeedLog(data_dir())), lang)
                if any(one.changed for one in outcomes):
                    judged(store, progress)
    if any(one.tables for one in outcomes):
        typer.echo(say("feed.thanks", lang))
    if any(one.problem for one in outcomes):
        raise typer.Exit(PARTLY if any(one.tables for one in outcomes) else NOTHING)


def _told(pulled: Iterator[Pulled], lang: str, save: Path | None = None) -> list[Pulled]:
    """Say of each sensor what became of it, as soon as that is known."""
    outcomes = []
    for one in pulled:
        outcomes.append(one)
        name = say(f"feed.sensor_{one.sensor}", lang)
        told = {"sensor": name, "first": one.first, "last": one.last, "tables": one.tables, "rows": one.rows}
        if one.fallback is not None:
            why = one.fallback.message(lang)
            typer.echo(say("feed.fallback", lang, sensor=name, why=why))
        if one.tables and save is not None:
            typer.echo(say("feed.saved", lang, **told, path=save))
        elif one.tables:
            typer.echo(say("feed.pulled", lang, **told, parts=one.changed))
        if one.problem is not None:
            word = "missing" if one.tables else "nothing"
            typer.echo(say(f"feed.{word}", lang, **told, why=one.problem.message(lang)), err=True)
    return outcomes


def _wanted(
    days: int | None, span: tuple[str | None, str | None], sensors: list[str] | None, box: str | None,
    today: date, *, archive: bool,
) -> Wanted:  # fmt: skip
    from geoaq.flows.fires.fetching import PRODUCTS, Wanted
    from geoaq.store.fires.looks import CHINA

    first, last = (None if text is None else _day(name, text) for name, text in zip(_SPAN, span, strict=True))
    if days is not None:
        if first is not None:
            raise InputError("bad_option", option="--days", value=str(days), expected="--from / --to")
        first = (last or today) - timedelta(days=days - 1)
    if archive and first is None:
        raise InputError("bad_option", option="--archive", value="", expected="--from, --to")
    bounds = box_of(box) or CHINA
    chosen = sensors or [name for name, (_, archived) in PRODUCTS.items() if archived or not archive]
    return Wanted(tuple(dict.fromkeys(chosen)), first, last, bounds, archive)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("bad_option", option=option, value=text, expected="YYYY-MM-DD") from None
