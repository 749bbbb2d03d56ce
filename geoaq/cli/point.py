"""``geoaq point``: what holds at one place."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from geoaq.cli.days import AsOf, day_of
from geoaq.cli.language import language


def point(
    at: Annotated[str, typer.Argument(help="经纬度，写在一起。 Coordinates in one text.", metavar="LONLAT")],
    datum: Annotated[
        str | None, typer.Option(help="坐标系，如 WGS84、CGCS2000、GCJ-02、BD-09。 Datum.")
    ] = None,
    as_of: AsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 As JSON.")] = False,
) -> None:
    """点位政策查询：所在地、范围内电厂、省界距离、适用条款。 What holds at a place."""
    from geoaq.cards.point import point_card, point_lines
    from geoaq.catalog import Catalog
    from geoaq.flows.point import at_point, office_areas, open_point_ground
    from geoaq.settings import data_dir

    catalog, day = Catalog.load(), day_of(as_of)
    ground, areas = open_point_ground(catalog, data_dir() / "layers"), office_areas(data_dir())
    found = at_point(ground, at, as_of=day, datum=datum, areas=areas)
    card = point_card(catalog, **vars(found), as_of=day, lang=language())
    if as_json:
        typer.echo(json.dumps(card, ensure_ascii=False, indent=1))
        return
    for line in point_lines(card):
        typer.echo(line)
