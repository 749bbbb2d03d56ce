"""``geoaq layers add|use|remove|restore``: the layers that an office adds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geoaq.cli.language import language
from geoaq.cli.progress import shown
from geoaq.errors import InputError, NotFoundError
from geoaq.wording import say

if TYPE_CHECKING:
    from geoaq.store.office_layers import OfficeLayers, Version

# What stands for a new layer of the office's own making.
OTHER = "other"

LayerId = Annotated[
    str,
    typer.Argument(
        help="图层编号，见 geoaq layers list；其他图层写 other。 Layer id, or other.", metavar="ID"
    ),
]
KnownId = Annotated[str, typer.Argument(help="图层编号，见 geoaq layers list。 Layer id.", metavar="ID")]
Files = Annotated[
    list[Path],
    typer.Argument(
        help="GPKG、Shapefile（zip 或各部分）、GeoJSON、KML；达标情况为表格。 The file.", metavar="FILE"
    ),
]
Start = Annotated[
    str | None,
    typer.Argument(help="文件 SHA-256 的开头。 First digits of the file's SHA-256.", metavar="SHA256"),
]


def add_to(app: typer.Typer) -> None:
    """Give ``geoaq layers`` the commands of this file."""
    app.command("add")(add)
    app.command("use")(use)
    app.command("remove")(remove)
    app.command("restore")(restore)
    app.command("look", hidden=True)(look)


def add(
    layer_id: LayerId,
    files: Files,
    title: Annotated[str, typer.Option(help="其他图层的名称。 Name of a layer of your own.")] = "",
    colour: Annotated[str, typer.Option(help="其他图层的颜色，如 #34568b。 Its colour.")] = "",
) -> None:
    """添加本单位的图层：检查后保存，在地图和筛查中使用。 Add a layer of your own: checked, kept, used."""
    from geoaq.cards import office_layers as cards
    from geoaq.store import office_layers as stores

    store, lang = _store(), language()
    if layer_id == OTHER:
        colour = colour or cards.PALETTE[0]
        _require_look(title, colour)
    target = stores.new_free_id() if layer_id == OTHER else _known(store, layer_id)
    store.require_room(target)
    with TemporaryDirectory() as name, shown(lang) as progress:
        out = Path(name) / "out"
        found = _check(layer_id, files, out, progress)
        (given,) = (out / "file").iterdir()
        words = {"title": title.strip(), "colour": colour} if layer_id == OTHER else {}
        version = store.put(target, given, out / "checked", now=datetime.now(UTC), **words)
    for text, _ in cards.told(found, lang):
        typer.echo(text)
    typer.echo(say("cli.office_added", lang, id=target, name=version.name, sha256=version.sha256[:12]))


def look(
    layer_id: LayerId,
    files: Files,
    out: Annotated[Path, typer.Option(help="结果文件夹（须不存在）。 Folder to make.")],
    progress_file: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """检查文件，不保存。 Look a file through without keeping it."""
    with shown(language(), progress_file) as progress:
        _check(layer_id, files, out, progress)


def use(layer_id: KnownId, sha256: Start) -> None:
    """改用同一图层的另一份文件。 Use another file of a layer."""
    store = _store()
    version = _one(store.versions(_known(store, layer_id)), sha256)
    store.use(layer_id, version.sha256)
    typer.echo(say("cli.office_used", language(), id=layer_id, name=version.name))


def remove(layer_id: KnownId, sha256: Start = None) -> None:
    """移除图层的一份文件（默认为在用的一份），可恢复。 Remove a file of a layer; it can be brought back."""
    store = _store()
    version = _one([one for one in store.versions(_known(store, layer_id)) if sha256 or one.in_use], sha256)
    store.remove(layer_id, version.sha256, now=datetime.now(UTC))
    typer.echo(
        say("cli.office_removed", language(), id=layer_id, name=version.name, sha256=version.sha256[:12])
    )


def restore(layer_id: KnownId, sha256: Start = None) -> None:
    """恢复已移除的文件（默认为最近添加的一份）。 Bring a removed file back."""
    store = _store()
    version = _one(store.removed(_known(store, layer_id))[: None if sha256 else 1], sha256)
    store.restore(layer_id, version.sha256)
    typer.echo(say("cli.office_restored", language(), id=layer_id, name=version.name))


def listed(lang: str) -> list[str]:
    """Return a line for every file that the office has added."""
    from geoaq.cards import office_layers as cards

    store, lines = _store(), []
    for layer in store.layers():
        for version in store.versions(layer):
            state = say("cli.office_in_use" if version.in_use else "cli.office_earlier", lang)
            told = (*filter(None, [version.title]), version.name, cards.day(version), version.sha256[:12])
            lines.append(f"{layer:20} {state:8} {' · '.join(told)}")
    return lines


def _store() -> OfficeLayers:
    from geoaq.settings import data_dir
    from geoaq.store.office_layers import OfficeLayers

    return OfficeLayers(data_dir())


def _check(layer_id: str, files: list[Path], out: Path, progress: Any) -> dict[str, Any]:
    from geoaq.catalog import Catalog
    from geoaq.flows.office_layers import check
    from geoaq.settings import data_dir
    from geoaq.store.office_layers import FREE

    catalog = Catalog.load()
    free = layer_id == OTHER or layer_id.startswith(FREE)
    layer = None if free else catalog.layer(layer_id)
    return check(layer, files, out, catalog=catalog, layers_dir=data_dir() / "layers", progress=progress)


def _known(store: OfficeLayers, layer_id: str) -> str:
    from geoaq.cards import office_layers as cards
    from geoaq.catalog import Catalog

    if not cards.known(Catalog.load(), store, layer_id):
        raise NotFoundError("not_found", what="layer", name=layer_id)
    return layer_id


def _one(versions: list[Version] | tuple[Version, ...], sha256: str | None) -> Version:
    found = [one for one in versions if one.sha256.startswith(sha256 or "")]
    if len(found) != 1:
        raise NotFoundError("no_office_layer")
    return found[0]


def _require_look(title: str, colour: str) -> None:
    from geoaq.cards import office_layers as cards
    from geoaq.store.office_layers import TITLE_MAX

    if not 1 <= len(title.strip()) <= TITLE_MAX:
        raise InputError("office_layer_title", limit=TITLE_MAX)
    if colour not in cards.PALETTE:
        raise InputError("bad_option", option="--colour", value=colour, expected=" ".join(cards.PALETTE))
