"""Scenes of satellites in files: brightness temperatures, reflectances and places, given row by row."""

from geoaq.io.scenes.opening import open_scene
from geoaq.io.scenes.scene import SceneFile, SceneFlag
from geoaq.io.scenes.stack import write_stack

__all__ = ["SceneFile", "SceneFlag", "open_scene", "write_stack"]
