"""``geoaq fires areas add|list|remove``: townships, villages and grid cells of the office."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geoaq.cli.language import language
from geoaq.errors import InputError
from geoaq.wording import say

app = typer.Typer(
    help="乡镇（街道）、行政村、网格边界。 Townships, villages and grid cells.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Files = Annotated[
    list[Path],
    typer.Argument(
        help="面：GPKG、Shapefile（zip 或各部分，可为 GBK）、GeoJSON、KML。 Polygons.", metavar="FILE"
    ),
]
Level = Annotated[
    str, typer.Option(help="township 乡镇（街道）、village 行政村、grid 网格。 The level.", metavar="LEVEL")
]


@app.command()
def add(files: Files, level: Level) -> None:
    """添加一级边界：检查后保存并启用，替换在用的一份。 Add areas: checked, kept, used from now on."""
    from geoaq.cli.office_layers import add as add_layer

    layer = _layer(level)
    add_layer(layer, files)
    typer.echo(say("areas.judged_next", language()))


@app.command("list")
def listed() -> None:
    """列出各级在用的边界。 List the areas in use."""
    from geoaq.cards.office_layers import day
    from geoaq.flows.fires.areas import LAYERS, version_of
    from geoaq.settings import data_dir

    lang = language()
    for level in LAYERS.values():
        name = say(f"areas.level_{level}", lang)
        version = version_of(data_dir(), level)
        if version is None:
            typer.echo(say("areas.none", lang, level=name))
            continue
        words = {"name": version.name, "day": day(version), "sha256": version.sha256[:12]}
        count = version.report.get("areas", {}).get("count", 0)
        typer.echo(say("areas.line", lang, level=name, count=count, **words))


@app.command()
def remove(level: Level) -> None:
    """移除在用的一份，可用 geoaq layers restore 恢复。 Remove the areas in use; restorable."""
    from geoaq.cli.office_layers import remove as remove_layer

    remove_layer(_layer(level))
    typer.echo(say("areas.judged_next", language()))


def _layer(level: str) -> str:
    from geoaq.flows.fires.areas import LAYERS

    found = {one: layer for layer, one in LAYERS.items()}
    if level not in found:
        raise InputError("bad_option", option="--level", value=level, expected=", ".join(found))
    return found[level]
