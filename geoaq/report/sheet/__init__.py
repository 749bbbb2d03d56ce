"""The sheet of one project under the border clause: JSON, one page of PDF, HTML, and the draft of a letter.

`SheetData` holds all that is said; the writers take nothing else, so that a sheet is made again, byte for
byte, from its JSON. `sheet_changes` says what differs between a sheet and the same one made anew.
"""

from geoaq.report.sheet.changes import Recheck, sheet_changes
from geoaq.report.sheet.data import (
    Boundaries,
    City,
    Clause,
    Condition,
    Downwind,
    FollowUp,
    Limb,
    Near,
    Neighbour,
    Position,
    Project,
    SheetData,
    Stamp,
    Wind,
    read_sheet_json,
    write_sheet_json,
)
from geoaq.report.sheet.html import sheet_css, sheet_html
from geoaq.report.sheet.letter import LetterFields, letter_docx
from geoaq.report.sheet.maps import detail_svg, overview_svg
from geoaq.report.sheet.pdf import map_png, sheet_pdf
from geoaq.report.sheet.rose import rose_svg
from geoaq.report.sheet.shapes import Area, Dot, Line, Shapes
from geoaq.report.sheet.units import emissions
from geoaq.report.sheet.words import Words, named, words

__all__ = [
    "Area",
    "Boundaries",
    "City",
    "Clause",
    "Condition",
    "Dot",
    "Downwind",
    "FollowUp",
    "LetterFields",
    "Limb",
    "Line",
    "Near",
    "Neighbour",
    "Position",
    "Project",
    "Recheck",
    "Shapes",
    "SheetData",
    "Stamp",
    "Wind",
    "Words",
    "detail_svg",
    "emissions",
    "letter_docx",
    "map_png",
    "named",
    "overview_svg",
    "read_sheet_json",
    "rose_svg",
    "sheet_changes",
    "sheet_css",
    "sheet_html",
    "sheet_pdf",
    "words",
    "write_sheet_json",
]
