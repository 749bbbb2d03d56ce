"""Vector tiles: built archives of the reference layers, and points drawn on the fly from columns.

`geoaq.tiles.writing` keeps a source of points, `geoaq.tiles.points` answers what of it lies in a tile,
`geoaq.tiles.live` hands that out as a vector tile; `geoaq.tiles.archive` reads built PMTiles. A tile is a
picture: nothing is decided by it.
"""
