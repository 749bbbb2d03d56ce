"""``geoaq policy``: the rules, where each is written, and whether the quotes stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geoaq.cli.language import language
from geoaq.wording import say

app = typer.Typer(help="政策条款。 Rules.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_() -> None:
    """列出条款。 List the rules."""
    from geoaq import flows
    from geoaq.catalog import Catalog

    for line in flows.rule_lines(Catalog.load(), language()):
        typer.echo(line)


@app.command()
def show(rule_id: Annotated[str, typer.Argument(help="条款编号，见 policy list。 Rule id.")]) -> None:
    """显示一条条款：原文、出处、条件。 Show one rule."""
    from geoaq import flows
    from geoaq.catalog import Catalog

    for line in flows.rule_description(Catalog.load(), rule_id, language()):
        typer.echo(line)


@app.command()
def check(
    texts: Annotated[Path, typer.Option(help="政策文本所在文件夹。 Folder with your copies of the texts.")],
) -> None:
    """核对引文是否见于本单位保存的文本。 Find every quote in your own copies of the texts."""
    from geoaq import flows
    from geoaq.catalog import Catalog

    problems = flows.check_texts(Catalog.load(), texts)
    for problem in problems:
        typer.echo(problem.text(language()))
    if problems:
        raise typer.Exit(2)
    typer.echo(say("cli.all_well", language()))
