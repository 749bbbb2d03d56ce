"""What an office adds to the ban on burning: its zones with the texts that make them, and its permits."""

from geoaq.store.zones.kept import KeptPermit, KeptZone, ZoneStore
from geoaq.store.zones.twice import Repeat, sifted

__all__ = ["KeptPermit", "KeptZone", "Repeat", "ZoneStore", "sifted"]
