"""The files of a sheet: JSON, one page of PDF, HTML, and the draft of a letter to each province asked."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from geoaq.errors import InputError
from geoaq.report.sheet import (
    LetterFields,
    SheetData,
    letter_docx,
    read_sheet_json,
    sheet_html,
    sheet_pdf,
    write_sheet_json,
)
from geoaq.store.staging import staged

KINDS = ("json", "html", "pdf", "letter")


def write_sheet(
    data: SheetData,
    out: Path,
    lang: str,
    *,
    only: Collection[str] = KINDS,
    letter: LetterFields | None = None,
) -> None:
    """Write ``sheet.json``, ``sheet.pdf``, ``sheet.html`` and ``letter-<adcode>.docx`` into a new folder.

    Parameters
    ----------
    data, out, lang
        The sheet, the folder to make, ``zh`` or ``en``.
    only
        Which of `KINDS` to write.
    letter
        What the office gives for one letter; None: a letter to each province, its gaps left open.

    Raises
    ------
    InputError
        ``out_exists``: the folder is there already.
    ConfigError
        ``front_end_missing``: the print fonts were not set up.
    """
    with staged(out) as folder:
        if "json" in only:
            write_sheet_json(folder / "sheet.json", data)
        if "html" in only:
            (folder / "sheet.html").write_text(sheet_html(data, lang), "utf-8", newline="\n")
        if "pdf" in only:
            (folder / "sheet.pdf").write_bytes(sheet_pdf(data, lang))
        letters = (
            [LetterFields(adcode=one.adcode) for one in data.consultees()] if letter is None else [letter]
        )
        for one in letters if "letter" in only else ():
            (folder / f"letter-{one.adcode}.docx").write_bytes(letter_docx(data, one, lang))


def open_sheet(path: Path) -> SheetData:
    """Return a sheet from its JSON; errors ``file_missing``, or as of `read_sheet_json`."""
    if not path.is_file():
        raise InputError("file_missing", name=path.name)
    return read_sheet_json(path.read_bytes())
