"""The bulletin of straw fires: JSON, workbook, PDF, and HTML with a map.

`BulletinData` holds all that is said; the writers take nothing else, so that a bulletin is made again, byte
for byte, from its JSON.
"""

from geoaq.report.fire_bulletin.data import (
    BulletinData,
    Compared,
    Detection,
    Fire,
    Ledger,
    Level,
    Pass,
    Patrol,
    Patrols,
    Shapes,
    Source,
    Unit,
    bulletin_json,
    read_bulletin,
)
from geoaq.report.fire_bulletin.figure import map_svg
from geoaq.report.fire_bulletin.html import bulletin_css, bulletin_html
from geoaq.report.fire_bulletin.page import bulletin_page, bulletin_title
from geoaq.report.fire_bulletin.pdf import bulletin_pdf
from geoaq.report.fire_bulletin.workbook import bulletin_xlsx

__all__ = [
    "BulletinData",
    "Compared",
    "Detection",
    "Fire",
    "Ledger",
    "Level",
    "Pass",
    "Patrol",
    "Patrols",
    "Shapes",
    "Source",
    "Unit",
    "bulletin_css",
    "bulletin_html",
    "bulletin_json",
    "bulletin_page",
    "bulletin_pdf",
    "bulletin_title",
    "bulletin_xlsx",
    "map_svg",
    "read_bulletin",
]
