"""Write every file of the usual sheet, as another process would."""

from __future__ import annotations

import sys
from pathlib import Path

from geoaq.report.sheet import letter_docx, read_sheet_json, sheet_html, sheet_pdf, write_sheet_json
from tests.report.sheet.example import example
from tests.report.sheet.hard import letter


def write(folder: Path) -> None:
    """Write JSON, and from the JSON all the rest."""
    folder.mkdir(parents=True)
    write_sheet_json(folder / "sheet.json", example())
    data = read_sheet_json((folder / "sheet.json").read_bytes())
    write_sheet_json(folder / "again.json", data)
    for lang in ("zh", "en"):
        (folder / f"sheet.{lang}.pdf").write_bytes(sheet_pdf(data, lang))
        (folder / f"sheet.{lang}.html").write_text(sheet_html(data, lang), "utf-8")
        (folder / f"letter.{lang}.docx").write_bytes(letter_docx(data, letter(), lang))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
