"""Reads areas and points that an office brings (GeoPackage, shapefile, GeoJSON, KML), narrowly opened."""

from geoaq.io.vectors.reading import read_vector

__all__ = ["read_vector"]
