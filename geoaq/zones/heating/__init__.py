"""Who lies within the heating radius of an anchor: draw the discs, decide the subjects.

The radius and the capacity come from a policy rule and are handed in; nothing here knows a number of its own.
A plant is an *anchor* if its capacity is large enough; it is *confirmed* if the office names the document and
its issuer. The straight line is a screening: a pipe is never shorter.
"""

from geoaq.zones.heating.anchors import Reading
from geoaq.zones.heating.decision import HeatingScreen, screen, screen_readings
from geoaq.zones.heating.discs import delineate

__all__ = ["HeatingScreen", "Reading", "delineate", "screen", "screen_readings"]
