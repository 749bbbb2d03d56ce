"""Fires seen in a scene of brightness temperatures: a mask, and a row for each fire pixel."""

from geoaq.fires.detection.earlier import EarlierDays, RowsBefore
from geoaq.fires.detection.engine import MASK_NAMES, PIXEL_COLUMNS, Detections, detect
from geoaq.fires.detection.rule import detector_rule
from geoaq.fires.detection.scene import ArrayScene, Resampled
from geoaq.fires.detection.sections import DetectorRule

__all__ = [
    "MASK_NAMES",
    "PIXEL_COLUMNS",
    "ArrayScene",
    "Detections",
    "DetectorRule",
    "EarlierDays",
    "Resampled",
    "RowsBefore",
    "detect",
    "detector_rule",
]
