"""``geoaq sheet``: the sheet of one project, printed, printed again, and held against today."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geoaq.cli.days import AsOf, day_of
from geoaq.cli.language import language
from geoaq.errors import InputError
from geoaq.wording import say

app = typer.Typer(help="会商筛查单。 The sheet of one project.", no_args_is_help=True)

Out = Annotated[Path, typer.Option(help="结果文件夹（须不存在）。 Folder to make.")]
Json = Annotated[Path, typer.Argument(help="筛查单 JSON。 The sheet as JSON.", metavar="SHEET.json")]
Lang = Annotated[str | None, typer.Option(help="zh 或 en，默认取 GEOAQ_LANG。 Language.")]


@app.command()
def make(
    folder: Annotated[Path, typer.Argument(help="项目筛查的结果文件夹。 A screening of projects.")],
    row: Annotated[str, typer.Argument(help="清单行号。 Row of the list.")],
    out: Out,
    lang: Lang = None,
) -> None:
    """生成筛查单：pdf、html、json 和会商函草稿。 Write the sheet of one project, with drafts of letters."""
    from geoaq.catalog import Catalog
    from geoaq.flows.border import sheet_data, write_sheet
    from geoaq.settings import data_dir

    number, part = _place(row)
    data = sheet_data(folder, number, part, catalog=Catalog.load(), layers_dir=data_dir() / "layers")
    write_sheet(data, out, lang or language())
    typer.echo(say("cli.written", lang or language(), path=out))


@app.command()
def render(path: Json, out: Out, lang: Lang = None) -> None:
    """由 JSON 重新生成，逐字节一致。 Write the same files again from the JSON."""
    from geoaq.flows.border import open_sheet, write_sheet

    write_sheet(open_sheet(path), out, lang or language())
    typer.echo(say("cli.written", lang or language(), path=out))


@app.command()
def compare(
    path: Json,
    as_of: AsOf = None,
    boundaries: Annotated[
        Path | None, typer.Option(help="本单位的省界（面状图层）。 A newer official line.")
    ] = None,
    lang: Lang = None,
) -> None:
    """按现行政策和省界重新筛查，列出变化。 Screen the project anew and say what would change."""
    from geoaq.catalog import Catalog
    from geoaq.flows.border import compare_sheet, open_sheet
    from geoaq.settings import data_dir

    changes = compare_sheet(
        open_sheet(path),
        catalog=Catalog.load(),
        layers_dir=data_dir() / "layers",
        as_of=day_of(as_of),
        boundaries=boundaries,
    )
    for one in changes:
        typer.echo(one.text(lang or language()))
    if not changes:
        typer.echo(say("cli.sheet_unchanged", lang or language()))


def _place(text: str) -> tuple[int, int]:
    """Return row and part of ``12`` or ``12-1``."""
    row, _, part = text.partition("-")
    if not row.isdigit() or not (part or "0").isdigit():
        raise InputError("bad_option", option="ROW", value=text, expected="12")
    return int(row), int(part or 0)
