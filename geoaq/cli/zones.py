"""``geoaq zones``: an office's no-burn zones, what distances are kept from, and permits to burn."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geoaq.cli.days import day_of
from geoaq.cli.language import language
from geoaq.errors import InputError
from geoaq.wording import say

if TYPE_CHECKING:
    from geoaq.flows.fires.own_zones import Checked
    from geoaq.store.zones import KeptZone

app = typer.Typer(
    help="禁烧区、禁燃区和计划焚烧许可。 No-burn zones and permits.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_EPOCH = date(1970, 1, 1)
_BEIJING_S, _DAY_S = 8 * 3600, 86_400

Files = Annotated[
    list[Path],
    typer.Argument(
        help="GPKG、Shapefile（zip 或各部分）、GeoJSON、KML。 The file, or parts of a shapefile.",
        metavar="FILE",
    ),
]
Kind = Annotated[
    str,
    typer.Option(
        help="类别：straw、fuel、airport、motorway、railway、road、permit。 Kind if none is stated."
    ),
]
Class = Annotated[
    str, typer.Option("--class", help="等级：ban、limit；I、II、III。 Class if none is stated.")
]
Title = Annotated[str, typer.Option(help="依据文件名称。 Title of the text.")]
Number = Annotated[str, typer.Option(help="文号。 Its number.")]
Issuer = Annotated[str, typer.Option(help="发文机关。 Who issued it.")]
Day = Annotated[str, typer.Option(help="发文日期 YYYY-MM-DD。 Day of issue.")]
Article = Annotated[str, typer.Option(help="条款。 Article.")]
First = Annotated[str, typer.Option("--from", help="施行日期 YYYY-MM-DD。 First day in force.")]
Last = Annotated[str, typer.Option("--to", help="失效日期，含当日。 Last day in force.")]
By = Annotated[str, typer.Option(help="登记人或单位，随版本保存。 Who adds it, kept with the version.")]
Remark = Annotated[str, typer.Option(help="说明，随版本保存。 Why, kept with the version.")]


@app.command()
def check(
    files: Files,
    kind: Kind = "",
    class_: Class = "",
    title: Title = "",
    number: Number = "",
    issuer: Issuer = "",
    day: Day = "",
    article: Article = "",
    first: First = "",
    last: Last = "",
) -> None:
    """检查禁烧区文件，不保存：何处不对、应当怎样。 Look a file through: what is wrong, and where."""
    stated = _stated(kind, class_, title, number, issuer, day, article, first, last)
    found = _checked(files, stated)
    lang = language()
    for line in _told(found, lang):
        typer.echo(line)
    kept = len(found.zones) + len(found.permits)
    typer.echo(say("cli.zones_checked", lang, features=found.features, good=kept, bare=found.without_text))
    if kept < found.features:
        raise typer.Exit(1)


@app.command(hidden=True)
def look(
    files: Files,
    out: Annotated[Path, typer.Option(help="结果文件夹（须不存在）。 Folder to make.")],
    stated: Annotated[Path, typer.Option(help="图形未注明时取用的内容，JSON。 What shapes do not state.")],
    progress_file: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """检查文件并写出可登记的内容，不保存。 Look a file through, and write what of it can be kept."""
    from geoaq.cli.progress import shown
    from geoaq.flows.fires.zone_intake import write_checked

    with shown(language(), progress_file):
        write_checked(_checked(files, json.loads(stated.read_text("utf-8"))), out)


@app.command()
def add(
    files: Files,
    by: By = "",
    kind: Kind = "",
    class_: Class = "",
    title: Title = "",
    number: Number = "",
    issuer: Issuer = "",
    day: Day = "",
    article: Article = "",
    first: First = "",
    last: Last = "",
    zone: Annotated[str, typer.Option(help="登记此编号的新版本。 Add a version of this zone.")] = "",
    remark: Remark = "",
    no_text: Annotated[
        bool,
        typer.Option("--no-text", help="没有依据文件也登记，不作禁烧依据。 Keep zones without a text."),
    ] = False,
) -> None:
    """登记禁烧区或许可：检查后保存为新版本，原版本不改。 Keep zones or permits: checked, as new versions."""
    stated = _stated(kind, class_, title, number, issuer, day, article, first, last) | {"zone": zone}
    found, lang = _checked(files, stated), language()
    for line in _told(found, lang):
        typer.echo(line)
    found.require(files[0].name, no_text=no_text)
    if zone and found.features != 1:
        raise InputError("zone_one_shape", zone=zone, name=files[0].name, count=found.features)
    from geoaq.cli.fires import opened
    from geoaq.store.zones import ZoneStore, sifted

    now = int(datetime.now(UTC).timestamp())
    with opened() as store:
        zones = ZoneStore(store.engine)
        new = sifted(zones, found.zones, found.permits)
        for one in new.repeats:
            typer.echo(say("fire_zones.there_already", lang, name=one.name, earlier=one.earlier))
        if not (new.zones or new.permits):
            raise InputError("zones_there", count=len(new.repeats))
        kept = zones.add(new.zones, new.permits, by=by, remark=remark, now=now)
    told = [(one.zone, one.version, one.name) for one in kept[0]]
    told += [(one.permit, one.version, one.name) for one in kept[1]]
    for number_, version, name in told:
        typer.echo(say("cli.zone_added", lang, zone=number_, version=version, name=name))


@app.command("list")
def listed(
    every: Annotated[bool, typer.Option("--all", help="包括历史版本。 Earlier versions too.")] = False,
    as_of: Annotated[
        str | None, typer.Option(help="此日有效的，YYYY-MM-DD，默认今天（北京时间）。 In force on this day.")
    ] = None,
) -> None:
    """列出禁烧区、禁燃区和许可。 List zones and permits."""
    from geoaq.cli.fires import opened
    from geoaq.store.zones import ZoneStore

    lang, day = language(), (day_of(as_of) - _EPOCH).days
    with opened() as store:
        zones = ZoneStore(store.engine)
        shown = zones.every_zone() if every else [one for one in zones.held_zones() if _holds(one, day)]
        permits = zones.every_permit() if every else zones.permits()
    for one in shown:
        typer.echo(_line(one, lang))
    for permit in permits:
        words = {"begin": _moment(permit.begin), "end": _moment(permit.end)}
        text = say("cli.permit_listed", lang, number=permit.number, issuer=permit.issuer, **words)
        typer.echo(f"{permit.permit} v{permit.version} {permit.name} · {text}")
    if not shown and not permits:
        typer.echo(say("cli.zones_none", lang))


@app.command()
def end(
    zone: Annotated[str, typer.Argument(help="编号，见 geoaq zones list。 Its number.", metavar="ID")],
    first: Annotated[
        str | None,
        typer.Option("--from", help="自此日起不再有效，YYYY-MM-DD，默认今天。 First day without it."),
    ] = None,
    by: By = "",
    remark: Remark = "",
) -> None:
    """终止禁烧区或许可：自某日起不再有效，此前照旧。 End a zone or a permit from a day on."""
    from geoaq.cli.fires import opened
    from geoaq.store.zones import ZoneStore

    day, now = day_of(first), int(datetime.now(UTC).timestamp())
    with opened() as store:
        zones = ZoneStore(store.engine)
        if zone.startswith("p"):
            at = (day - _EPOCH).days * _DAY_S - _BEIJING_S
            zones.end_permit(zone, at=at, by=by, remark=remark, now=now)
        else:
            zones.end_zone(zone, first=(day - _EPOCH).days, by=by, remark=remark, now=now)
    typer.echo(say("cli.zone_ended", language(), zone=zone, day=day.isoformat()))


def _stated(kind: str, class_: str, *rest: str) -> dict[str, str]:
    names = ("title", "number", "issuer", "day", "article", "first", "last")
    return {"kind": kind, "class": class_, **dict(zip(names, rest, strict=True))}


def _checked(files: list[Path], stated: dict[str, str]) -> Checked:
    from geoaq.catalog import Catalog
    from geoaq.flows.fires.own_zones import check_zones
    from geoaq.flows.fires.places import plain_counties
    from geoaq.settings import data_dir

    catalog = Catalog.load()
    return check_zones(
        files,
        product=catalog.products["zone_list"],
        policy_dir=catalog.policy_dir,
        counties=plain_counties(data_dir() / "layers"),
        defaults={name: text for name, text in stated.items() if text},
    )


def _told(found: Checked, lang: str) -> list[str]:
    from geoaq.catalog import Catalog
    from geoaq.flows.fires.own_zones import told_issues

    columns = Catalog.load().products["zone_list"].columns
    titles = {column.column: f" {getattr(column.title, lang)}" for column in columns}
    lines = []
    for one in told_issues(found.issues).to_dict("records"):
        where = say("cli.zone_row", lang, row=one["row"]) if one["row"] else say("cli.zone_file", lang)
        colon = "：" if lang == "zh" else ": "
        lines.append(f"{where}{titles.get(one['field'], '')}{colon}{one[f'message_{lang}']}")
    return lines


def _holds(one: KeptZone, day: int) -> bool:
    return one.first <= day and (one.last is None or day <= one.last)


def _line(one: KeptZone, lang: str) -> str:
    kind = say(f"bans.kind_{one.kind}", lang)
    class_ = say(f"bans.class_{one.class_}", lang) if one.class_ else ""
    begin = (_EPOCH + timedelta(days=one.first)).isoformat()
    if one.ended:
        span = say("cli.zone_span_ended", lang, begin=begin)
    else:
        until = "" if one.last is None else (_EPOCH + timedelta(days=one.last)).isoformat()
        span = f"{begin} – {until}"
    text = f"《{one.title}》{one.number}" if one.title else say("bans.no_text", lang)
    return f"{one.zone} v{one.version} " + " · ".join(filter(None, (kind, class_, one.name, span, text)))


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds + _BEIJING_S, UTC).strftime("%Y-%m-%d %H:%M")
