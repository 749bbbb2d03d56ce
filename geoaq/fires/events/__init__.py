"""Events: what the fire pixels of all satellites and passes hang together as, and how each is known again."""

from geoaq.fires.events.clusters import cluster
from geoaq.fires.events.facts import facts
from geoaq.fires.events.identity import Assignment, assign
from geoaq.fires.events.rule import EventRule
from geoaq.fires.events.sums import overpasses, summaries

__all__ = ["Assignment", "EventRule", "assign", "cluster", "facts", "overpasses", "summaries"]
