"""What a fire pixel is taken for: a class with reasons as codes; nothing is dropped."""

from geoaq.fires.quality.classes import REASONS, classify, event_class, event_classes
from geoaq.fires.quality.cropland import Cover, crop_shares
from geoaq.fires.quality.register import LEARNED_FROM, REGISTER, learn
from geoaq.fires.quality.rule import QualityRule, quality_rule

__all__ = [
    "LEARNED_FROM",
    "REASONS",
    "REGISTER",
    "Cover",
    "QualityRule",
    "classify",
    "crop_shares",
    "event_class",
    "event_classes",
    "learn",
    "quality_rule",
]
