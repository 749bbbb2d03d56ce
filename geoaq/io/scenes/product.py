"""What a reader must know of a kind of scene; `geoaq.catalog.scenes` says what each key means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from geoaq.io.scenes.grid import GridKind


class Title(Protocol):
    """A text in both languages."""

    def say(self, lang: str) -> str:
        """Return it in a language."""


class PartKind(Protocol):
    """One of the files that make a scene."""

    @property
    def id(self) -> str:
        """Name of the file among the files of a scene."""

    @property
    def form(self) -> str:
        """Format: geotiff, netcdf (HDF5 too) or hdf4."""

    @property
    def names(self) -> Sequence[str]:
        """Regular expressions for the whole name."""

    @property
    def required(self) -> bool:
        """Whether no scene is without it."""


class QualityKind(Protocol):
    """Quality bits beside a band."""

    @property
    def variable(self) -> str:
        """Name of the variable."""

    @property
    def saturated(self) -> int:
        """Bits of a saturated pixel."""

    @property
    def bad(self) -> int:
        """Bits of a pixel that cannot be used."""

    @property
    def out_of_range(self) -> int:
        """Bits of a pixel beyond the range of the format."""

    @property
    def hot_k(self) -> float:
        """From here on, a pixel out of range counts as saturated, K."""

    @property
    def bow_tie(self) -> int:
        """Bits of a pixel that was deleted on board."""


class PlanckKind(Protocol):
    """From radiance to brightness temperature."""

    @property
    def wavenumber_cm(self) -> float:
        """Wavenumber, cm-1."""

    @property
    def slope(self) -> float:
        """Divisor of the temperature less the shift."""

    @property
    def shift(self) -> float:
        """Taken off the temperature, K."""


class BandKind(Protocol):
    """Where a band stands and what its numbers mean."""

    @property
    def band(self) -> str:
        """Name of the quantity."""

    @property
    def file(self) -> str:
        """The file that it stands in."""

    @property
    def variable(self) -> str:
        """Name in the file."""

    @property
    def plane(self) -> str | None:
        """Name of its layer in a variable of several."""

    @property
    def plane_names(self) -> str:
        """Attribute that lists the names of layers."""

    @property
    def unit(self) -> str:
        """Unit of the scaled number."""

    @property
    def scale(self) -> float | None:
        """Factor."""

    @property
    def offset(self) -> float | None:
        """Summand."""

    @property
    def scale_attribute(self) -> str | None:
        """Attribute that holds the factor."""

    @property
    def offset_attribute(self) -> str | None:
        """Attribute that holds the summand."""

    @property
    def offset_first(self) -> bool:
        """Whether the summand is taken off before the factor."""

    @property
    def table(self) -> str | None:
        """Variable with the value of every number."""

    @property
    def planck(self) -> PlanckKind | None:
        """How the scaled number becomes a temperature."""

    @property
    def valid(self) -> tuple[float, float] | None:
        """Smallest and largest number that is data."""

    @property
    def bow_tie(self) -> Sequence[int]:
        """Numbers of pixels deleted on board."""

    @property
    def saturated(self) -> Sequence[int]:
        """Numbers of saturated pixels."""

    @property
    def quality(self) -> QualityKind | None:
        """Quality bits beside it."""

    @property
    def land(self) -> Sequence[int]:
        """Numbers that mean land."""

    @property
    def water(self) -> Sequence[int]:
        """Numbers that mean water."""

    @property
    def until_k(self) -> float | None:
        """From here on, the band beyond counts, K."""

    @property
    def beyond(self) -> BandKind | None:
        """The band for hotter pixels."""

    @property
    def required(self) -> bool:
        """Whether no scene is without it."""


class TimeKind(Protocol):
    """When rows were seen."""

    @property
    def start_attribute(self) -> str | None:
        """Attribute with the start."""

    @property
    def end_attribute(self) -> str | None:
        """Attribute with the end."""

    @property
    def name_format(self) -> str | None:
        """Form of the start in a file's name."""

    @property
    def duration_s(self) -> float | None:
        """Seconds from the first row to the last."""


class ProductKind(Protocol):
    """A kind of scene."""

    @property
    def id(self) -> str:
        """Identity."""

    @property
    def title(self) -> Title:
        """Title."""

    @property
    def detector(self) -> str:
        """Identity of its table of thresholds."""

    @property
    def detector_attribute(self) -> str | None:
        """Attribute of a file that names another."""

    @property
    def swath(self) -> bool:
        """Rows along the track, columns along the scan."""

    @property
    def columns(self) -> int | None:
        """Columns of every scene."""

    @property
    def rows_per_scan(self) -> int:
        """Rows seen at the same time."""

    @property
    def per_cos_sun(self) -> bool:
        """Whether reflectance is divided by the cosine of the sun's zenith angle already."""

    @property
    def moderate_step(self) -> int:
        """Rows and columns in one coarse pixel."""

    @property
    def sun_within_deg(self) -> float:
        """Largest difference of the sun's zenith angle, degrees."""

    @property
    def sun_refuses(self) -> bool:
        """Whether a larger one refuses the scene."""

    @property
    def files(self) -> Sequence[PartKind]:
        """Files of a scene."""

    @property
    def satellite(self) -> str | None:
        """The one satellite of this kind."""

    @property
    def satellite_attribute(self) -> str | None:
        """Attribute that names the satellite."""

    @property
    def satellites(self) -> Mapping[str, str]:
        """Satellites by what a name or an attribute says."""

    @property
    def time(self) -> TimeKind:
        """When rows were seen."""

    @property
    def grid(self) -> GridKind | None:
        """Where pixels lie that the file gives no places of."""

    @property
    def bands(self) -> Sequence[BandKind]:
        """Bands of a scene."""
