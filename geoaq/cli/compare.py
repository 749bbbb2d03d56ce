"""``geoaq compare``: what changed from one screening of a list to the next, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geoaq.cli.language import language
from geoaq.errors import InputError
from geoaq.wording import say

Earlier = Annotated[
    Path, typer.Argument(help="前次筛查的文件夹。 Folder of the earlier screening.", metavar="A")
]
Later = Annotated[Path, typer.Argument(help="本次筛查的文件夹。 Folder of the later screening.", metavar="B")]
Out = Annotated[
    Path | None, typer.Option(help="要写的文件：.csv 或 .xlsx（须不存在）。 File to write: .csv or .xlsx.")
]
Lang = Annotated[str | None, typer.Option(help="zh 或 en，默认取 GEOAQ_LANG。 Language.")]


def compare(old: Earlier, new: Later, out: Out = None, lang: Lang = None) -> None:
    """比较同一清单的两次筛查：新增、减少、变化及原因。 Compare two screenings of the same list."""
    from geoaq.cards import comparing_files
    from geoaq.catalog import Catalog
    from geoaq.flows.comparing import compare_screenings
    from geoaq.report.comparison import write_comparison_csv, write_comparison_xlsx

    lang = lang or language()
    if out is not None and out.suffix not in (".csv", ".xlsx"):
        raise InputError("bad_option", option="--out", value=out.name, expected="*.csv, *.xlsx")
    if out is not None and out.exists():
        raise InputError("out_file_exists", path=out.name)
    catalog = Catalog.load()
    found = compare_screenings(old, new)
    for row in comparing_files.export_notes(catalog, found, lang):
        typer.echo(" ".join(str(cell) for cell in row))
    if out is None:
        return
    heads, lines = comparing_files.export_heads(lang), comparing_files.export_lines(catalog, found, lang)
    with out.open("xb") as file:
        if out.suffix == ".csv":
            write_comparison_csv(file, heads, lines)
        else:
            titles = (say("comparing.sheet_notes", lang), say("comparing.sheet_lines", lang))
            write_comparison_xlsx(
                file, titles, comparing_files.export_notes(catalog, found, lang), heads, lines
            )
    typer.echo(say("comparing.written", lang, path=out))
