"""The files of a sheet: JSON, one page of PDF, HTML, and the draft of a letter to each province asked."""

from __future__ import annotations

from pathlib import Path

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


def write_sheet(data: SheetData, out: Path, lang: str) -> None:
    """Write ``sheet.json``, ``sheet.pdf``, ``sheet.html`` and ``letter-<adcode>.docx`` into a new folder.

    Raises
    ------
    InputError
        ``out_exists``: the folder is there already.
    ConfigError
        ``front_end_missing``: the print fonts were not set up.
    """
    with staged(out) as folder:
        write_sheet_json(folder / "sheet.json", data)
        (folder / "sheet.html").write_text(sheet_html(data, lang), "utf-8", newline="\n")
        (folder / "sheet.pdf").write_bytes(sheet_pdf(data, lang))
        for one in data.consultees():
            letter = letter_docx(data, LetterFields(adcode=one.adcode), lang)
            (folder / f"letter-{one.adcode}.docx").write_bytes(letter)


def open_sheet(path: Path) -> SheetData:
    """Return a sheet from its JSON; errors as of `geoaq.report.sheet.read_sheet_json`."""
    return read_sheet_json(path.read_bytes())
