"""Where is it: the county, prefecture and province of each point, and who else comes into question.

Points are longitude and latitude in degrees, WGS 84.
"""

from geoaq.zones.admin.attachment import attach, in_stated_place
from geoaq.zones.admin.cells import Cells, make_cells
from geoaq.zones.admin.edges import CellEdges, make_edges
from geoaq.zones.admin.index import OUTSIDE, AdminIndex

__all__ = [
    "OUTSIDE",
    "AdminIndex",
    "CellEdges",
    "Cells",
    "attach",
    "in_stated_place",
    "make_cells",
    "make_edges",
]
