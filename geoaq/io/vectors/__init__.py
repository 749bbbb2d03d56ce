"""Reads areas and points that an office brings (GeoPackage, shapefile, GeoJSON, KML), narrowly opened."""

from geoaq.io.vectors.areas import areas_of, one_file, read_areas
from geoaq.io.vectors.reading import read_vector

__all__ = ["areas_of", "one_file", "read_areas", "read_vector"]
