"""What this installation knows how to show: layers, views and products, one TOML file each.

A file's stem is the identity of the thing it declares. Keys are strict: an unknown or missing key is a
`ConfigError` that names the file and the key. The numbers of the policies are not here but in ``policy_dir``,
which `geoaq.policy` reads.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, StringConstraints, ValidationError, model_validator

import geoaq
from geoaq.catalog.declared import Declared, Name, Text
from geoaq.catalog.scenes import SceneProduct
from geoaq.errors import ConfigError, NotFoundError

__all__ = [
    "Catalog", "Layer", "LayerField", "LegendEntry", "Product", "ProductColumn", "SceneProduct", "Style",
    "Text", "View", "ViewLayer", "group_of",
]  # fmt: skip

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Group = Literal["business", "zones", "office", "boundaries", "base"]
ReleaseDate = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


_GROUPS: Mapping[str, Group] = {
    "plants": "business",
    "discs": "business",
    "screening": "business",
    "fires": "business",
    "regions": "zones",
    "user": "zones",
    "boundaries": "boundaries",
}


class LayerField(Declared):
    """A column of a layer's features: its name, title and unit."""

    name: Name
    title: Text
    unit: str | None = None


class Style(Declared):
    """How a feature is drawn: colours, line, fill; shape and hatch carry the meaning without colour."""

    stroke: Colour | None = None
    stroke_px: float = Field(default=1.0, gt=0)
    dash_px: tuple[float, ...] = ()
    fill: Colour | None = None
    fill_opacity: float = Field(default=0.0, ge=0, le=1)
    hatch: bool = False
    shape: Literal["none", "square", "circle", "open_circle", "diamond", "triangle", "cross"] = "none"
    size_px: float = Field(default=8.0, gt=0)


class LegendEntry(Declared):
    """One line of a layer's legend; ``when`` names the property value that it stands for."""

    title: Text
    style: Style
    when: Mapping[str, str | bool] = Field(default_factory=dict)


class Layer(Declared):
    """One layer of the map, with where it comes from and what may be said of it.

    ``group`` is where the layer tree shows it; where none is named, it goes by what the layer is made from.
    """

    id: Name
    title: Text
    geometry: Literal["polygon", "line", "point", "raster", "table"]
    group: Group | None = None
    provided: bool = True
    made_from: Literal["boundaries", "regions", "plants", "discs", "package", "screening", "fires", "user"]
    decides: Literal["amap", "self", "none"] = "none"
    source: Text
    source_url: str | None = None
    licence: Text
    attribution: Text
    date: ReleaseDate | None = None
    accuracy: Text
    fields: tuple[LayerField, ...] = ()
    style: Style
    legend: tuple[LegendEntry, ...] = ()
    notes: tuple[Text, ...] = ()
    add: Text | None = None
    hash: str

    @model_validator(mode="after")
    def _missing_layers_say_how_to_add_them(self) -> Layer:
        if self.provided == (self.made_from == "user"):
            msg = "made_from: provided layers have a source, user layers are not provided"
            raise ValueError(msg)
        if not self.provided and self.add is None:
            msg = "add: a layer that is not provided says how to add it"
            raise ValueError(msg)
        return self


def group_of(layer: Layer) -> Group:
    """Return the group of the layer tree that shows a layer.

    Examples
    --------
    >>> group_of(Catalog.load().layer("counties"))
    'boundaries'
    """
    return layer.group or _GROUPS.get(layer.made_from, "base")


class ViewLayer(Declared):
    """A layer's place in a view: drawn in the order listed, first at the bottom."""

    layer: Name
    visible: bool
    min_zoom: int | None = Field(default=None, ge=0, le=22)


class View(Declared):
    """One map: its layers in order, with what is visible at first."""

    id: Name
    title: Text
    bounds: tuple[float, float, float, float]
    layers: tuple[ViewLayer, ...]
    disclaimer: Text
    hash: str


class ProductColumn(Declared):
    """A column of a list that offices keep, and the headers under which it is found."""

    column: Name
    title: Text
    headers: tuple[str, ...] = ()
    unit: str | None = None
    example: str | None = None
    note: Text | None = None
    personal: bool = False
    digits: bool = False
    template: bool = True
    required: bool = False


class Product(Declared):
    """A kind of list that the product reads: its columns, and the words found in their cells."""

    id: Name
    title: Text
    contract: Literal[
        "boilers", "plants", "units", "projects", "attainment", "wind", "fires", "arable", "clouds", "checks",
        "zones", "areas",
    ]  # fmt: skip
    columns: tuple[ProductColumn, ...]
    sheet_words: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, tuple[str, ...]]] = Field(default_factory=dict)
    capacity_pairs: tuple[tuple[float, float], ...] = ()
    notes: tuple[Text, ...] = ()
    hash: str


_Thing = TypeVar("_Thing", Layer, View, Product, SceneProduct)


@dataclass(frozen=True)
class Catalog:
    """Every layer, view, product and kind of scene by id, and the folder they came from."""

    root: Path
    layers: Mapping[str, Layer]
    views: Mapping[str, View]
    products: Mapping[str, Product]
    scenes: Mapping[str, SceneProduct]

    @classmethod
    def load(cls, root: Path | None = None) -> Catalog:
        """Read the folder ``layers/``.

        Parameters
        ----------
        root
            The folder; by default that of the environment variable ``GEOAQ_LAYERS``, else ``layers/`` beside
            the package.

        Raises
        ------
        ConfigError
            ``layers_missing``: no such folder. ``layer_file_invalid``: a file is not TOML, or has an unknown,
            missing or wrong key; the error names both.
        """
        folder = root or Path(os.environ.get("GEOAQ_LAYERS") or Path(geoaq.__file__).parent.parent / "layers")
        if not (folder / "map").is_dir():
            raise ConfigError("layers_missing", folder=folder.name)
        catalog = cls(
            folder,
            _read(folder / "map", Layer),
            _read(folder / "view", View),
            _read(folder / "product", Product),
            _read(folder / "product" / "scene", SceneProduct),
        )
        catalog._check_views()
        return catalog

    @property
    def policy_dir(self) -> Path:
        """Return the folder of the policy pack."""
        return self.root / "policy"

    @property
    def data_dir(self) -> Path:
        """Return the folder of the small tables of facts that ship with the product."""
        return self.root / "data"

    def layer(self, name: str) -> Layer:
        """Return a layer, or raise `NotFoundError`."""
        if name not in self.layers:
            raise NotFoundError("not_found", what="layer", name=name)
        return self.layers[name]

    def detector(self, name: str) -> Mapping[str, Any]:
        """Return the table of thresholds of a detector, as its file has it.

        Raises
        ------
        NotFoundError
            ``not_found``: no such detector.
        ConfigError
            ``layer_file_invalid``: the file is not TOML.
        """
        path = self.root / "product" / "detector" / f"{name}.toml"
        if re.fullmatch(r"[a-z][a-z0-9_]*", name) is None or not path.is_file():
            raise NotFoundError("not_found", what="detector", name=name)
        return MappingProxyType(_parsed(path))

    def _check_views(self) -> None:
        for view in self.views.values():
            for entry in view.layers:
                if entry.layer not in self.layers:
                    raise ConfigError(
                        "layer_file_invalid",
                        file=f"view/{view.id}.toml",
                        key="layers.layer",
                        problem=f"no layer named {entry.layer}",
                    )


def _read(folder: Path, model: type[_Thing]) -> Mapping[str, _Thing]:
    things: dict[str, _Thing] = {}
    for path in sorted(folder.glob("*.toml")):
        file = f"{folder.name}/{path.name}"
        declared = _parsed(path)
        for key in ("id", "hash"):
            if key in declared:
                problem = "the file's stem is the id, its hash is computed"
                raise ConfigError("layer_file_invalid", file=file, key=key, problem=problem)
        declared |= {"id": path.stem, "hash": hashlib.sha256(path.read_bytes()).hexdigest()}
        try:
            things[path.stem] = model.model_validate(declared)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "-"
            raise ConfigError("layer_file_invalid", file=file, key=where, problem=first["msg"]) from error
    return MappingProxyType(things)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        file = f"{path.parent.name}/{path.name}"
        raise ConfigError("layer_file_invalid", file=file, key="-", problem=str(error)) from error
