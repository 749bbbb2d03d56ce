"""Reads the lists of offices into the frames of `geoaq.frames`; nothing is dropped silently."""

from geoaq.io.lists.boilers import read_boilers
from geoaq.io.lists.intake import Intake, SheetLayout
from geoaq.io.lists.plants import read_plants
from geoaq.io.lists.projects import ProjectIntake, read_projects
from geoaq.io.lists.units import read_units

__all__ = [
    "Intake",
    "ProjectIntake",
    "SheetLayout",
    "read_boilers",
    "read_plants",
    "read_projects",
    "read_units",
]
