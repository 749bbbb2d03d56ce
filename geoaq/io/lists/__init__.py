"""Reads the lists of offices into the frames of `geoaq.frames`; nothing is dropped silently."""

from geoaq.io.lists.boilers import read_boilers
from geoaq.io.lists.intake import Intake, SheetLayout

__all__ = ["Intake", "SheetLayout", "read_boilers"]
