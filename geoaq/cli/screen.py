"""``geoaq screen``: decide which rule reaches each row of an office's list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from geoaq.cli.days import AsOf, day_of
from geoaq.cli.language import language
from geoaq.cli.progress import shown
from geoaq.errors import InputError
from geoaq.wording import say

if TYPE_CHECKING:
    from geoaq.flows import Format

Subject = Literal["boiler", "unit"]

app = typer.Typer(help="筛查清单。 Screen a list.", no_args_is_help=True, rich_markup_mode=None)

List = Annotated[Path, typer.Argument(help="清单：xlsx、xls 或 csv。 The list.", metavar="LIST")]
ProjectList = Annotated[
    Path,
    typer.Argument(help="清单或用地图形：xlsx、csv、GeoJSON、GPKG、KML、Shapefile（zip）。", metavar="LIST"),
]
Out = Annotated[Path, typer.Option(help="结果文件夹（须不存在）。 Folder to make.")]
Datum = Annotated[
    str | None, typer.Option(help="清单未注明时的坐标系：WGS84、CGCS2000、GCJ-02、BD-09、EPSG:4549…。 Datum.")
]
Plants = Annotated[Path | None, typer.Option(help="本单位的电厂名录。 Your own plant list.")]
PlantsOnly = Annotated[
    bool, typer.Option("--plants-only", help="只用本单位名录。 Set the shipped list aside.")
]
CompleteFor = Annotated[
    list[str] | None,
    typer.Option(help="声明名录已齐全的地区（行政区划代码，可重复）。 Areas whose anchor list is complete."),
]
Layer = Annotated[
    list[str] | None,
    typer.Option(help="自备图层 ID=文件（可重复），如 heat_network=管网.gpkg。 Your own layer."),
]
LayerComplete = Annotated[
    list[str] | None,
    typer.Option(help="声明自备图层已齐全的地区 ID=代码（可重复）。 Area in which a layer is complete."),
]
Lang = Annotated[str | None, typer.Option(help="zh 或 en，默认取 GEOAQ_LANG。 Language.")]
Formats = Annotated[str, typer.Option(help="要生成的文件，逗号分隔。 Files to write, comma-separated.")]
ProgressFile = Annotated[Path | None, typer.Option(hidden=True)]
DEFAULT_FORMATS = "csv,parquet,xlsx,geojson,gpkg,map"


def _add_command(name: str, subject: Subject, about: str) -> None:
    @app.command(name, help=about)
    def command(
        path: List,
        out: Out,
        as_of: AsOf = None,
        datum: Datum = None,
        plants: Plants = None,
        plants_only: PlantsOnly = False,
        complete_for: CompleteFor = None,
        layer: Layer = None,
        layer_complete: LayerComplete = None,
        formats: Formats = DEFAULT_FORMATS,
        lang: Lang = None,
        progress_file: ProgressFile = None,
    ) -> None:
        from geoaq import flows
        from geoaq.catalog import Catalog
        from geoaq.settings import data_dir

        lang = lang or language()
        request = flows.ScreeningRequest(
            path=path,
            as_of=day_of(as_of),
            catalog=Catalog.load(),
            layers_dir=data_dir() / "layers",
            datum=datum,
            plants=plants,
            plants_only=plants_only,
            complete_for=tuple(complete_for or ()),
            user_layers=dict(_pair(text) for text in layer or ()),
            layer_complete=_codes_by_layer(layer_complete or ()),
            formats=_formats(formats),
            lang=lang,
        )
        with shown(lang, progress_file) as progress:
            summary = flows.screen(request, out, subject=subject, progress=progress)
        for line in flows.summary_lines(summary, lang):
            typer.echo(line)
        typer.echo(say("cli.written", lang, path=out))


_add_command("boilers", "boiler", "筛查燃煤锅炉：30公里供热范围、淘汰、新建等条款。 Screen coal boilers.")
_add_command("units", "unit", "筛查落后燃煤小热电机组（含自备电厂）。 Screen small CHP and captive units.")


@app.command("projects", help="筛查建设项目：省际环评会商。 Screen projects near provincial borders.")
def projects(
    path: ProjectList,
    out: Out,
    as_of: AsOf = None,
    datum: Datum = None,
    site: Annotated[
        Path | None, typer.Option(help="清单中唯一项目的用地红线（面状图层）。 Outline of the one project.")
    ] = None,
    boundaries: Annotated[
        Path | None, typer.Option(help="本单位的省界（面状图层），代替随附省界。 A newer official line.")
    ] = None,
    boundary_error: Annotated[
        float | None, typer.Option(help="省界误差（米），默认按政策包。 Error of the line, metres.")
    ] = None,
    downwind_threshold: Annotated[
        float | None,
        typer.Option(help="本单位采用的“影响大”阈值（微克/立方米）。 Adopted threshold, µg/m³."),
    ] = None,
    wind: Annotated[
        Path | None, typer.Option(help="气象站风表或格点风场，仅供参考。 Wind, context only.")
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option("--with", help="其他筛查的结果文件夹（可重复），用于叠加统计。 Other screenings."),
    ] = None,
    layer: Layer = None,
    layer_complete: LayerComplete = None,
    formats: Formats = DEFAULT_FORMATS,
    lang: Lang = None,
    progress_file: ProgressFile = None,
) -> None:
    """Screen a list of projects or a file of sites."""
    from geoaq.catalog import Catalog
    from geoaq.flows import border
    from geoaq.settings import data_dir

    lang = lang or language()
    request = border.ProjectRequest(
        path=path,
        as_of=day_of(as_of),
        catalog=Catalog.load(),
        layers_dir=data_dir() / "layers",
        datum=datum,
        user_layers=dict(_pair(text) for text in layer or ()),
        layer_complete=_codes_by_layer(layer_complete or ()),
        formats=_formats(formats),
        lang=lang,
        site=site,
        boundaries=boundaries,
        wind=wind,
        boundary_error_m=boundary_error,
        downwind_threshold_ug_m3=downwind_threshold,
        beside=tuple(beside or ()),
    )
    with shown(lang, progress_file) as progress:
        summary = border.screen_projects(request, out, progress)
    for line in border.project_lines(summary, lang):
        typer.echo(line)
    typer.echo(say("cli.written", lang, path=out))


def progress_file_of(argv: Sequence[str]) -> str | None:
    """Return the value of ``--progress-file`` in a command line, or None."""
    for at, word in enumerate(argv):
        if word == "--progress-file" and at + 1 < len(argv):
            return argv[at + 1]
        if word.startswith("--progress-file="):
            return word.partition("=")[2]
    return None


def _pair(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not equals or not name or not path:
        raise InputError("bad_option", option="--layer", value=text, expected="ID=FILE")
    return name, Path(path)


def _codes_by_layer(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, equals, code = text.partition("=")
        if not equals or not name or not code:
            raise InputError("bad_option", option="--layer-complete", value=text, expected="ID=ADCODE")
        found[name] = (*found.get(name, ()), code)
    return found


def _formats(text: str) -> tuple[Format, ...]:
    from geoaq.flows import FORMATS

    wanted = tuple(word.strip() for word in text.split(",") if word.strip())
    for word in wanted:
        if word not in FORMATS:
            raise InputError("bad_option", option="--formats", value=word, expected=",".join(FORMATS))
    return tuple(name for name in FORMATS if name in wanted)
