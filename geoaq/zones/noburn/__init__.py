"""Where and when burning is banned by a local text: zones, distances, permits, and who lies in them.

Two kinds of zone are kept apart: 秸秆禁烧区 (open burning of straw) and 高污染燃料禁燃区 (polluting fuels).
The position of a fire is the footprint of its pixels, so near an edge the answer is unknown, never a guess.
"""

from geoaq.zones.noburn.distances import DistanceRule, limit_km, measure
from geoaq.zones.noburn.permits import Permit, match
from geoaq.zones.noburn.places import Fires, locate
from geoaq.zones.noburn.times import days, span_truth, window_truth
from geoaq.zones.noburn.zone import FEATURES, ZONES, Text, Zone

__all__ = [
    "FEATURES",
    "ZONES",
    "DistanceRule",
    "Fires",
    "Permit",
    "Text",
    "Zone",
    "days",
    "limit_km",
    "locate",
    "match",
    "measure",
    "span_truth",
    "window_truth",
]
