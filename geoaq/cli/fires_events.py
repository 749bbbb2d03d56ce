"""``geoaq fires events``: the events of the store as a list, as a file, or one of them with its history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geoaq.cli.fires import (
    Areas,
    Classes,
    areas_of,
    classes_of,
    moment,
    opened,
    refuse_out,
    span_of,
    up_to_date,
)
from geoaq.cli.language import language
from geoaq.errors import InputError, NotFoundError
from geoaq.store.fires.store import FireStore
from geoaq.wording import say

_VERDICTS = ("applies", "needs_review", "does_not_apply")

First = Annotated[
    str | None, typer.Option("--from", help="首日（北京时间）YYYY-MM-DD。 First day, Beijing time.")
]
Last = Annotated[str | None, typer.Option("--to", help="末日（北京时间），含当日。 Last day, included.")]
Verdict = Annotated[
    str | None, typer.Option(help="applies、needs_review、does_not_apply。 Only with this verdict.")
]
Out = Annotated[
    Path | None, typer.Option(help="要写的文件：.csv、.xlsx 或 .geojson（须不存在）。 File to write.")
]
One = Annotated[
    str | None, typer.Option("--event", help="只看这一起：历史和火点。 One event: history, members.")
]
Limit = Annotated[int, typer.Option(min=1, help="最多列出几起。 At most so many lines.")]


def events(
    first: First = None,
    last: Last = None,
    area: Areas = None,
    fire_class: Classes = None,
    verdict: Verdict = None,
    out: Out = None,
    event: One = None,
    limit: Limit = 50,
) -> None:
    """列出或导出火情；--event 查看一起火情的历史和火点。 List or write events; one with its history."""
    from geoaq.report.fire_events import SUFFIXES, write_events

    lang = language()
    if out is not None:
        refuse_out(out, SUFFIXES)
    if verdict is not None and verdict not in _VERDICTS:
        raise InputError("bad_option", option="--verdict", value=verdict, expected=", ".join(_VERDICTS))
    since, until = span_of(first, last)
    classes, areas = classes_of(fire_class), areas_of(area)
    with opened() as store:
        up_to_date(store)
        if event is not None:
            _one(store, event, lang)
            return
        found = store.events(since, until, classes=classes, verdict=verdict, order="-last_seen")
    if areas:
        found = found[found["adcode"].str.startswith(tuple(areas))].reset_index(drop=True)
    if out is not None:
        typer.echo(say("cli.fires_events_written", lang, path=out, count=write_events(out, found, lang)))
        return
    for row in found.head(limit).to_dict("records"):
        typer.echo(_line({str(name): value for name, value in row.items()}, lang))
    typer.echo(say("cli.fires_events_listed", lang, shown=min(limit, len(found)), count=len(found)))


def _one(store: FireStore, event: str, lang: str) -> None:
    """Tell of one event: what it is, what became of it, and its pixels."""
    from geoaq.cards.fire_event import past_told
    from geoaq.cards.fires import source_name

    row = store.event(event)
    if row is None:
        raise NotFoundError("no_event", event=event)
    if row["event"] != event:
        typer.echo(say("cli.fires_event_merged", lang, event=event, into=row["event"]))
    typer.echo(_line(row, lang))
    if not row["alive"]:
        typer.echo(say("cli.fires_event_gone", lang, event=row["event"]))
    for past in store.event_history(row["event"]).to_dict("records"):
        told = past_told({str(name): value for name, value in past.items()}, row["event"], lang)
        typer.echo(f"  {told['at']}  {told['text']}")
    members = store.members(row["event"]).sort_values(["acquired", "satellite", "key"])
    for pixel in members.to_dict("records"):
        name = source_name(pixel["satellite"], pixel["kind"], lang)
        source = {"at": moment(pixel["acquired"]), "satellite": name}
        word = say(f"fire_quality.class_{pixel['class']}", lang)
        place = {"lon": pixel["lon"], "lat": pixel["lat"]}
        typer.echo(say("cli.fires_event_member", lang, **source, **place, word=word))


def _line(row: dict[str, object], lang: str) -> str:
    told = {name: row[name] for name in ("event", "pixels")}
    county = {name: row[name] for name in ("county", "adcode")}
    outside = say("bulletin.units_outside", lang)
    told["place"] = say("cli.fires_event_place", lang, **county) if row["adcode"] else outside
    first, last = (moment(int(str(row[name]))) for name in ("first_seen", "last_seen"))
    word = say(f"fire_quality.class_{row['class']}", lang)
    return say("cli.fires_event_line", lang, **told, first=first, last=last, word=word)
