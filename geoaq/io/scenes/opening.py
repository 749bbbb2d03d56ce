"""Opens the files of a scene: which kind they are, which bands they hold, and whether they can be true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from geoaq.errors import InputError
from geoaq.io.scenes.checking import check_scene
from geoaq.io.scenes.choosing import Part, check_keys, choose, parts_of, satellite_of, span_of
from geoaq.io.scenes.decoding import BandReader
from geoaq.io.scenes.geostationary import grid_places
from geoaq.io.scenes.mapped import MapPlaces
from geoaq.io.scenes.product import BandKind, ProductKind
from geoaq.io.scenes.scene import SceneFile
from geoaq.io.scenes.variables import SceneVariables, open_variables

_REFLECTANCES = ("red", "nir", "swir")
# No sensor read here has a third of this many pixels in a scene; a small file may claim billions.
_MOST_PIXELS = 150_000_000


def open_scene(
    paths: Sequence[Path], product: ProductKind | None, products: Mapping[str, ProductKind]
) -> SceneFile:
    """Open a scene; use it as a context manager, or close it.

    Parameters
    ----------
    paths
        All files of one scene: for VIIRS bands and places, and the 750 m bands where they are there.
    product
        The kind of scene; None finds it out by the files' names.
    products
        Every kind of scene that the installation knows.

    Raises
    ------
    InputError
        ``scene_kind_unknown``, ``scene_kind_unclear``, ``scene_kind_differs``: which kind it is.
        ``scene_unreadable``, ``scene_rows_unreadable``, ``scene_variable_missing``, ``scene_band_missing``,
        ``scene_attribute_missing``, ``scene_variable_form``, ``scene_source_lines``, ``scene_band_twice``,
        ``scene_not_self_contained``, ``scene_too_large``, ``scene_block_too_large``: what cannot be read.
        ``scene_files_differ``, ``scene_satellite_unknown``, ``scene_time_unknown``: whose and of when it is.
        ``scene_shape``, ``scene_axes``, ``scene_units``, ``scene_places_range``, ``scene_places_swapped``,
        ``scene_places_jump``, ``scene_places_missing``, ``scene_sun_refused``, ``scene_empty``,
        ``scene_bands_exchanged``, ``scene_coarse_apart``: what it holds cannot be true.
    ConfigError
        ``scene_hdf4_missing``: the optional part that reads HDF4 is not installed.
    """
    with ExitStack() as stack:
        kind, parts, files = _files(paths, product, products, stack)
        check_keys(parts)
        readers = _readers(kind, files)
        rows, columns = _shape(kind, readers)
        maps = [file.placed for file in files.values() if file.placed is not None]
        mapped = MapPlaces(maps[0]) if maps else grid_places(kind, parts, files, (rows, columns))
        attribute = kind.detector_attribute or ""
        named = [file.attributes[attribute] for file in files.values() if attribute in file.attributes]
        scene = SceneFile(
            kind,
            readers,
            shape=(rows, columns),
            satellite=satellite_of(kind, parts, files),
            detector=named[0] if named else kind.detector,
            span=span_of(kind, parts, files),
            names=[path.name for path in paths],
            mapped=mapped,
        )
        check_scene(scene)
        scene.keep(stack.pop_all())
    return scene


def _files(
    paths: Sequence[Path],
    product: ProductKind | None,
    products: Mapping[str, ProductKind],
    stack: ExitStack,
) -> tuple[ProductKind, dict[str, Part], dict[str, SceneVariables]]:
    names = ", ".join(path.name for path in paths)
    if product is not None:
        parts = parts_of(paths, product)
        if parts is None:
            raise InputError("scene_kind_differs", names=names, kind=product.id)
        fits = [(product, parts)]
    else:
        fits = choose(paths, products)
    # Names alone do not tell a swath from a map in a GeoTIFF: its projection does.
    kind, parts = fits[0]
    forms = {one.id: one.form for one in kind.files}
    files = {name: open_variables(part.path, forms[name], stack) for name, part in parts.items()}
    placed = any(file.placed is not None for file in files.values())
    tiff = "geotiff" in forms.values()
    fits = [(one, found) for one, found in fits if not tiff or one.swath != placed]
    if not fits:
        if placed:
            raise InputError("scene_is_map", names=names)
        raise InputError("scene_is_no_map", names=names)
    if len(fits) > 1:
        raise InputError("scene_kind_unclear", names=names, kinds=", ".join(one.id for one, _ in fits))
    kind, parts = fits[0]
    if set(parts) != set(files):
        forms = {one.id: one.form for one in kind.files}
        files = {name: open_variables(part.path, forms[name], stack) for name, part in parts.items()}
    return kind, parts, files


def _readers(product: ProductKind, files: Mapping[str, SceneVariables]) -> dict[str, BandReader]:
    readers: dict[str, BandReader] = {}
    missing: list[str] = []
    for band in product.bands:
        file = files.get(band.file)
        variable = None if file is None else file.variable(band.variable, band.plane, band.plane_names)
        if file is not None and variable is not None:
            readers[band.band] = BandReader(band, file, variable)
        elif band.required and band.band not in _REFLECTANCES:
            missing.append(_title(band))
    if missing:
        names = ", ".join(file.name for file in files.values())
        raise InputError("scene_band_missing", name=names, bands=", ".join(missing))
    return readers


def _title(band: BandKind) -> str:
    inside = band.variable if band.plane is None else f"{band.variable} ({band.plane})"
    return band.band if inside == band.band else f"{band.band} = {inside}"


def _shape(product: ProductKind, readers: Mapping[str, BandReader]) -> tuple[int, int]:
    """Return rows and columns, the same for all bands.

    Raises
    ------
    InputError
        ``scene_axes``: rows and columns are exchanged in one of them. ``scene_shape``: they differ.
        ``scene_too_large``: more pixels than any scene has.
    """
    four = readers["t4"].variable
    shape = four.rows, four.columns
    if four.rows * four.columns > _MOST_PIXELS:
        raise InputError(
            "scene_too_large", name=readers["t4"].file.name, rows=four.rows, columns=four.columns
        )
    expected = product.columns
    if expected is not None and expected != shape[1]:
        if expected == shape[0]:
            raise InputError("scene_axes", name=readers["t4"].file.name)
        raise _shape_error(readers["t4"], f"… × {expected}")
    step = product.moderate_step
    coarse = (-(-shape[0] // step), -(-shape[1] // step))
    for name, reader in readers.items():
        there = reader.variable.rows, reader.variable.columns
        fits = {shape} | ({coarse} if name == "moderate" else set())
        if there in fits or (name in {"lon", "lat"} and _is_axis(there, shape, name)):
            continue
        if there[::-1] in fits:
            raise InputError("scene_axes", name=reader.file.name)
        raise _shape_error(reader, " / ".join(f"{a} × {b}" for a, b in sorted(fits)))
    return shape


def _shape_error(reader: BandReader, wanted: str) -> InputError:
    variable = reader.variable
    seen = f"{variable.rows} × {variable.columns}"
    return InputError("scene_shape", name=reader.file.name, variable=variable.name, seen=seen, wanted=wanted)


def _is_axis(there: tuple[int, int], shape: tuple[int, int], name: str) -> bool:
    """Say whether a variable has one longitude a column or one latitude a row."""
    length = shape[1] if name == "lon" else shape[0]
    return min(there) == 1 and max(there) == length
