"""Fires seen in a scene of brightness temperatures: a mask, and a row for each fire pixel."""

from geoaq.fires.detection.scene import ArrayScene, Scene

__all__ = ["ArrayScene", "Scene"]
