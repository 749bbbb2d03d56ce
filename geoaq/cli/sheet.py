"""``geoaq sheet``: the sheet of one project, printed, printed again, and held against today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geoaq.cli.days import AsOf, day_of
from geoaq.cli.language import language
from geoaq.errors import InputError
from geoaq.wording import say

if TYPE_CHECKING:
    from geoaq.report.sheet import LetterFields, SheetData

# Beside the files of a sheet: what has changed since it was made.
RECHECK = "recheck"

app = typer.Typer(help="会商筛查单。 The sheet of one project.", no_args_is_help=True, rich_markup_mode=None)

Out = Annotated[Path, typer.Option(help="结果文件夹（须不存在）。 Folder to make.")]
Json = Annotated[Path, typer.Argument(help="筛查单 JSON。 The sheet as JSON.", metavar="SHEET.json")]
Lang = Annotated[str | None, typer.Option(help="zh 或 en，默认取 GEOAQ_LANG。 Language.")]
# Whoever starts this process finds its error beside this file.
ProgressFile = Annotated[Path | None, typer.Option(hidden=True)]


@app.command()
def make(
    folder: Annotated[Path, typer.Argument(help="项目筛查的结果文件夹。 A screening of projects.")],
    row: Annotated[str, typer.Argument(help="清单行号。 Row of the list.")],
    out: Out,
    lang: Lang = None,
    only: Annotated[
        str | None,
        typer.Option(
            help="只生成 json、html、pdf 或 letter（逗号分隔）；recheck 为按现行政策和省界核对。 Only these."
        ),
    ] = None,
    letter: Annotated[
        Path | None, typer.Option(help="会商函各栏内容（JSON）。 What the office gives for one letter.")
    ] = None,
    follow_up: Annotated[
        str | None, typer.Option(help="筛查记录编号，附上会商进展。 Screening whose follow-up is shown.")
    ] = None,
    progress_file: ProgressFile = None,  # noqa: ARG001 - where an error is told, see geoaq.cli.main
) -> None:
    """生成筛查单：pdf、html、json 和会商函草稿。 Write the sheet of one project, with drafts of letters."""
    from geoaq.catalog import Catalog
    from geoaq.flows.border import sheet_data, write_sheet
    from geoaq.settings import data_dir
    from geoaq.store.followups import Followups

    number, part = _place(row)
    states = None
    if follow_up is not None:
        states = Followups(data_dir(), follow_up).states(number, part, today=day_of(None))
    data = sheet_data(
        folder, number, part, catalog=Catalog.load(), layers_dir=data_dir() / "layers", follow_up=states
    )
    if only == RECHECK:
        _write_recheck(data, out)
    else:
        write_sheet(data, out, lang or language(), only=_kinds(only), letter=_fields(letter))
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


def _write_recheck(data: SheetData, out: Path) -> None:
    """Write ``recheck.json``: what the present policy and the shipped lines would change."""
    from geoaq.catalog import Catalog
    from geoaq.flows.border import recheck
    from geoaq.settings import data_dir
    from geoaq.store.staging import staged

    found = recheck(data, catalog=Catalog.load(), layers_dir=data_dir() / "layers", as_of=day_of(None))
    with staged(out) as folder:
        (folder / "recheck.json").write_text(found.model_dump_json(indent=2) + "\n", "utf-8")


def _kinds(text: str | None) -> tuple[str, ...]:
    from geoaq.flows.border import SHEET_KINDS

    kinds = SHEET_KINDS if text is None else tuple(filter(None, text.split(",")))
    if not kinds or not set(kinds) <= set(SHEET_KINDS):
        known = ",".join((*SHEET_KINDS, RECHECK))
        raise InputError("bad_option", option="--only", value=text, expected=known)
    return kinds


def _fields(path: Path | None) -> LetterFields | None:
    """Return what a JSON file gives for one letter, None without one."""
    from pydantic import ValidationError

    from geoaq.report.sheet import LetterFields

    if path is None:
        return None
    if not path.is_file():
        raise InputError("file_missing", name=path.name)
    try:
        return LetterFields.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "$"
        raise InputError("bad_letter", place=place, problem=first["msg"]) from error


def _place(text: str) -> tuple[int, int]:
    """Return row and part of ``12`` or ``12-1``."""
    row, _, part = text.partition("-")
    if not row.isdigit() or not (part or "0").isdigit():
        raise InputError("bad_option", option="ROW", value=text, expected="12")
    return int(row), int(part or 0)
