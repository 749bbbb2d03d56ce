"""Kinds of scenes: which files make one, where its bands stand in them, and how numbers become quantities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from geoaq.catalog.declared import Declared, Name, Text

Band = Literal[
    "t4", "t11", "t12", "red", "nir", "swir", "sun_zenith", "sun_azimuth", "view_zenith", "view_azimuth",
    "lon", "lat", "water", "q4", "q11", "fill", "moderate", "source_line", "source_sample",
]  # fmt: skip
Unit = Literal["K", "1", "%", "degree", "code", "index", "W m-2 sr-1 um-1"]
# How well a name or number in a file of this kind is known: read in the format's own description or in a real
# file, copied from a program that reads such files, remembered and not verified, or our own format.
Evidence = Literal["product", "transcribed", "memory", "own"]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./ -]*$")]


class ScenePart(Declared):
    """One of the files that make a scene.

    ``names`` are regular expressions for the whole name of the file; their group ``key`` must be equal in all
    files of a scene, ``satellite``, ``start`` and ``end`` say whose scene it is and when it was seen,
    and ``sub_lon`` the longitude below a geostationary satellite in tenths of a degree east.
    """

    id: Name
    form: Literal["geotiff", "netcdf", "hdf4"]
    names: tuple[str, ...] = Field(min_length=1)
    required: bool = True


class SceneQuality(Declared):
    """The variable of quality bits that stands beside a band, and what its bits mean.

    A value ``out_of_range`` counts as saturated from ``hot_k`` on and as bad below: formats clamp what lies
    beyond their range, and the hottest fires lie there.
    """

    variable: Variable
    saturated: int = Field(default=0, ge=0)
    bad: int = Field(default=0, ge=0)
    out_of_range: int = Field(default=0, ge=0)
    hot_k: float = 0.0
    bow_tie: int = Field(default=0, ge=0)


class ScenePlanck(Declared):
    """How radiance becomes brightness temperature: (inverse Planck at the wavenumber − shift) / slope."""

    wavenumber_cm: float = Field(gt=0)
    slope: float = Field(default=1.0, gt=0)
    shift: float = 0.0


class SceneBand(Declared):
    """Where a band stands and what its numbers mean.

    A whole number becomes ``number × scale + offset``, or ``(number − offset) × scale`` where
    ``offset_first``; scale and offset left out are read from the attributes named; with ``table`` it becomes
    the entry of that variable. ``plane`` names one of several layers of a variable, by its name in the
    attribute ``plane_names``. Numbers outside ``valid`` are no data; ``bow_tie`` were deleted on board,
    ``saturated`` stand for more than the sensor measures and are taken as the largest valid number. Where the
    value reaches ``until_k``, or the number is saturated, the band ``beyond`` counts instead.
    """

    band: Band
    file: Name
    variable: Variable
    plane: str | None = None
    plane_names: str = "band_names"
    unit: Unit
    scale: float | None = None
    offset: float | None = None
    scale_attribute: str | None = None
    offset_attribute: str | None = None
    offset_first: bool = False
    table: Variable | None = None
    planck: ScenePlanck | None = None
    valid: tuple[float, float] | None = None
    bow_tie: tuple[int, ...] = ()
    saturated: tuple[int, ...] = ()
    quality: SceneQuality | None = None
    land: tuple[int, ...] = ()
    water: tuple[int, ...] = ()
    until_k: float | None = None
    beyond: SceneBand | None = None
    required: bool = True
    evidence: Evidence
    source: str = Field(min_length=1)


class SceneTime(Declared):
    """When rows were seen: from attributes in ISO 8601, or from the file's name and the length of a scene."""

    start_attribute: str | None = None
    end_attribute: str | None = None
    name_format: str | None = None
    duration_s: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_way_to_the_time(self) -> SceneTime:
        if (self.start_attribute is None or self.end_attribute is None) and (
            self.name_format is None or self.duration_s is None
        ):
            msg = "time: attributes of start and end, or the form of the time in the name and a duration"
            raise ValueError(msg)
        return self


class SceneGrid(Declared):
    """The nominal grid of a geostationary satellite: the normalised projection of CGMS 03, section 4.4.

    Lines and columns count from 0, from north and west. ``lines`` are those of the full disk; a scene of
    fewer says by two attributes which they are. The longitude below the satellite stands in the file's name.
    """

    lines: int = Field(gt=0)
    column_offset: float
    line_offset: float
    column_factor: float = Field(gt=0)
    line_factor: float = Field(gt=0)
    distance_km: float = Field(gt=6400)
    equator_km: float = Field(gt=6000, lt=6400)
    pole_km: float = Field(gt=6000, lt=6400)
    first_attribute: str
    last_attribute: str
    evidence: Evidence
    source: str = Field(min_length=1)


class SceneProduct(Declared):
    """A kind of scene: its files, bands, times, satellites, and the detector that takes it.

    Attributes
    ----------
    detector, detector_attribute
        Which table of thresholds takes it; a file may name another by an attribute.
    swath
        Rows along the track and columns along the scan; else the scene was put on a map before.
    columns
        Columns that every scene of this kind has; None where they differ.
    rows_per_scan
        Rows seen at the same time.
    per_cos_sun
        Reflectance is divided by the cosine of the sun's zenith angle in the file already.
    moderate_step
        Rows and columns of the scene in one coarse pixel of the band near 4 µm with a wide range.
    sun_within_deg
        How far the sun's zenith angle in the file may be from that of place and time.
    sun_refuses
        A larger difference refuses the scene; else it is flagged.
    grid
        Where the pixels of a nominal grid lie: places and angles are computed then.
    """

    id: Name
    title: Text
    detector: Name
    detector_attribute: str | None = None
    swath: bool
    columns: int | None = Field(default=None, gt=0)
    rows_per_scan: int = Field(default=1, gt=0)
    per_cos_sun: bool
    moderate_step: int = Field(default=2, gt=0)
    sun_within_deg: float = Field(default=2.0, gt=0)
    sun_refuses: bool = True
    files: tuple[ScenePart, ...] = Field(min_length=1)
    satellite: str | None = None
    satellite_attribute: str | None = None
    satellites: Mapping[str, str] = Field(default_factory=dict)
    time: SceneTime
    grid: SceneGrid | None = None
    bands: tuple[SceneBand, ...]
    notes: tuple[Text, ...] = ()
    hash: str

    @model_validator(mode="after")
    def _bands_stand_in_declared_files(self) -> SceneProduct:
        files = {file.id for file in self.files}
        lost = [band.band for band in self.bands if band.file not in files]
        if lost:
            msg = f"bands.file: {lost[0]} stands in a file that is not declared"
            raise ValueError(msg)
        if self.grid is not None and not any(
            "(?P<sub_lon>" in one for file in self.files for one in file.names
        ):
            msg = "grid: no name of a file has the group sub_lon"
            raise ValueError(msg)
        names = [band.band for band in self.bands]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            msg = f"bands.band: {min(twice)} is declared twice"
            raise ValueError(msg)
        return self
