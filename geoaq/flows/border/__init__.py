"""The border job: which province must be consulted on a project, by which limb, and what else bars it."""

from geoaq.flows.border.compare import compare_sheet, recheck
from geoaq.flows.border.job import screen_projects
from geoaq.flows.border.lines import project_lines
from geoaq.flows.border.request import ProjectRequest
from geoaq.flows.border.sheet import sheet_data
from geoaq.flows.border.sheet_files import KINDS as SHEET_KINDS
from geoaq.flows.border.sheet_files import open_sheet, write_sheet
from geoaq.flows.border.single import FIELDS, write_project
from geoaq.flows.border.wind_card import wind_card

__all__ = [
    "FIELDS",
    "SHEET_KINDS",
    "ProjectRequest",
    "compare_sheet",
    "open_sheet",
    "project_lines",
    "recheck",
    "screen_projects",
    "sheet_data",
    "wind_card",
    "write_project",
    "write_sheet",
]
