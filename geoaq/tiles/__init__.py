"""Vector tiles: points drawn on the fly from columns.

`geoaq.tiles.writing` keeps a source of points, `geoaq.tiles.points` answers what of it lies in a tile,
`geoaq.tiles.live` hands that out as a vector tile. A tile is a picture: nothing is decided by it.
"""
