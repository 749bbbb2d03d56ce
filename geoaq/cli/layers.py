"""``geoaq layers``: what the map is made of."""

from __future__ import annotations

import typer

from geoaq.cli import office_layers
from geoaq.cli.language import language
from geoaq.cli.progress import shown
from geoaq.wording import say

app = typer.Typer(help="图层。 Layers.", no_args_is_help=True, rich_markup_mode=None)
office_layers.add_to(app)


@app.command("list")
def list_() -> None:
    """列出图层：来源、日期、是否具备，及本单位添加的文件。 List the layers, and the files that were added."""
    from geoaq.catalog import Catalog

    lang = language()
    for layer in Catalog.load().layers.values():
        state = say("cli.layer_provided" if layer.provided else "cli.layer_missing", lang)
        told = (layer.title.say(lang), layer.date or "—", layer.source.say(lang))
        typer.echo(f"{layer.id:20} {state:8} {' · '.join(told)}")
    for line in office_layers.listed(lang):
        typer.echo(line)


@app.command()
def build() -> None:
    """生成图层（首次约一分钟，之后按需）。 Build the layers; skipped when nothing changed."""
    from geoaq.build import build_layers, told_borders
    from geoaq.catalog import Catalog
    from geoaq.settings import data_dir

    with shown(language()) as progress:
        built = build_layers(Catalog.load(), data_dir() / "layers", progress=progress)
    typer.echo(say("cli.layers_built", language(), path=built.key))
    for line in told_borders(data_dir() / "layers", language()):
        typer.echo(line)


@app.command()
def check() -> None:
    """检查图层声明与已生成的图层。 Check the declarations and what is built."""
    from geoaq.build import check_layers, told_borders
    from geoaq.catalog import Catalog
    from geoaq.settings import data_dir

    problems = check_layers(Catalog.load(), data_dir() / "layers", language())
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(2)
    for line in told_borders(data_dir() / "layers", language()):
        typer.echo(line)
    typer.echo(say("cli.all_well", language()))
