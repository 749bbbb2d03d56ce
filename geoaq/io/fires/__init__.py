"""Reads detections of fires, from satellites and from the ground, into `geoaq.frames.FIRE_PIXELS`."""

from geoaq.io.fires.chunks import FireChunk
from geoaq.io.fires.reading import read_fire_chunks

__all__ = ["FireChunk", "read_fire_chunks"]
