"""The sensors that a synthetic scene can be seen by: scan, bands, and where their numbers end."""

from __future__ import annotations

from typing import NamedTuple


class Zone(NamedTuple):
    """Samples from nadir outwards that are alike: how many, step in degrees, rows deleted at each end."""

    samples: int
    step_deg: float
    deleted: int


class Sensor(NamedTuple):
    """What a scene takes from its sensor.

    Attributes
    ----------
    zones
        Of half a swath, from nadir to the edge.
    height_km
        Over a sphere of 6,371 km: the height at which the angles give the published pixel at nadir.
    track_m
        Pixel along the track at nadir.
    scan_rows, scan_s
        Rows that one turn of the mirror gives, and how long it takes.
    um4, um11, um12
        Wavelength of the thermal bands, µm; 0 for none.
    um_coarse
        Wavelength of the band of twice the pixel that the radiative power is read from, µm; 0 for none.
    full4, full11
        Brightness temperature at which a band is full, K.
    folded4
        What a pixel that fell over the upper end shows, K; 0 where none was seen to.
    """

    zones: tuple[Zone, ...]
    height_km: float
    track_m: float
    scan_rows: int
    scan_s: float
    um4: float
    um11: float
    um12: float
    um_coarse: float
    full4: float
    full11: float
    folded4: float

    @property
    def samples(self) -> int:
        """Samples of a whole row."""
        return 2 * sum(zone.samples for zone in self.zones)


# VIIRS: zones, deleted rows, pixel and ends from Schroeder et al., RSE 143 (2014); the lower end 207.38 K
# from NOAA-21's list of 7 April 2025. MODIS: Giglio et al., RSE 178 (2016), and what its makers published.
SENSORS = {
    "viirs_i": Sensor(
        zones=(
            Zone(1184, 31.72 / 1184, 0),
            Zone(736, (44.86 - 31.72) / 736, 2),
            Zone(1280, (56.28 - 44.86) / 1280, 4),
        ),
        height_km=819.0,
        track_m=360.0,
        scan_rows=32,
        scan_s=1.786,
        um4=3.74,
        um11=11.45,
        um12=0.0,
        um_coarse=4.05,
        full4=367.0,
        full11=380.0,
        folded4=207.38,
    ),
    "modis": Sensor(
        zones=(Zone(677, 0.081273, 0),),
        height_km=705.0,
        track_m=1000.0,
        scan_rows=10,
        scan_s=1.477,
        um4=3.96,
        um11=11.03,
        um12=12.02,
        um_coarse=0.0,
        full4=500.0,
        full11=400.0,
        folded4=0.0,
    ),
}
