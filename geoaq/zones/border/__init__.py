"""Lines between provinces: how far they are, who is to be consulted, and the strip that shows it.

Width and budgets come from the policy pack and are handed in; nothing here knows a number of its own. Only a
line that two provinces share counts: coast and national borders do not.
"""

from geoaq.zones.border.decision import BorderScreen, screen
from geoaq.zones.border.derive import Edges, shared_edges
from geoaq.zones.border.lines import Borders
from geoaq.zones.border.strip import Strip, strips

__all__ = ["BorderScreen", "Borders", "Edges", "Strip", "screen", "shared_edges", "strips"]
