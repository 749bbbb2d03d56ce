"""A scene is searched for fires, and what was found is a folder, whole or not at all; same in, same out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from geoaq.catalog import Catalog
from geoaq.errors import InputError, NotFoundError
from geoaq.fires.detection import EarlierDays, detect, detector_rule
from geoaq.flows.fires import scene_report as told
from geoaq.flows.fires.earlier_days import open_earlier
from geoaq.flows.fires.read_files import file_marks, file_sha256
from geoaq.flows.fires.scene_pictures import (
    ROWS,
    codes_of,
    draw_map,
    draw_swath,
    greys_of,
    quick_look,
    write_maps,
)
from geoaq.flows.fires.watching import WatchedScene
from geoaq.frames.scenes import Scene
from geoaq.io.fires.scene_csv import write_scene_csv
from geoaq.io.scenes import open_scene
from geoaq.store.staging import staged
from geoaq.wording import say

Progress = Callable[[str, int, int], None]
MASK_LAYER = "scene_mask"


class ReadFile(NamedTuple):
    """A file of a scene: its name without any folder, its size, and its hash."""

    name: str
    bytes: int
    sha256: str


class Searched(NamedTuple):
    """With what a scene was searched, and what its reader says of it.

    Attributes
    ----------
    product, title
        Identity of the product, and its title in the reader's language.
    detector
        Identity of the table of thresholds.
    inputs
        The files of the scene.
    flags
        What its reader wants somebody to mind: codes of ``wording/scenes.toml`` and their parameters.
    earlier
        The files of scenes of earlier days, to which it was compared.
    """

    product: str
    title: str
    detector: str
    inputs: Sequence[ReadFile]
    flags: Sequence[told.Flag] = ()
    earlier: Sequence[ReadFile] = ()


def detect_files(
    paths: Sequence[Path],
    *,
    product: str | None,
    catalog: Catalog,
    out: Path,
    lang: str,
    progress: Progress,
    before: Sequence[Path] = (),
) -> Mapping[str, Any]:
    """Search the scene that some files make, and write the folder ``out``; return its report.

    Parameters
    ----------
    paths
        The files of one scene.
    product
        Identity of its product; None: found by the names and contents of the files.
    catalog
        Products, detectors and layers.
    out
        A folder that does not exist yet.
    lang
        Of ``report.txt``, the titles of the mask and the caption: ``zh`` or ``en``.
    progress
        Called with a step, what is done of it and how much there is; what it raises stops the work, and
        nothing is kept.
    before
        For geostationary scenes: scenes of the same grid and slot of the ten days before, one file each.

    Raises
    ------
    InputError
        A file is missing, no product fits, or the scene cannot be searched as it is; ``file_changed``: a
        file was written to meanwhile; ``out_exists``. What `open_earlier` raises of a scene in ``before``.
    NotFoundError
        There is no such product.
    """
    if product is not None and product not in catalog.scenes:
        raise NotFoundError("not_found", what=say("detect.product", lang), name=product)
    chosen = None if product is None else catalog.scenes[product]
    paths = sorted(paths, key=lambda path: path.name)
    before = sorted(before, key=lambda path: path.name)
    everything = [*paths, *before]
    with staged(out) as folder, ExitStack() as stack:
        marks_before = [file_marks(path) for path in everything]
        read = _hashed(everything, progress)
        inputs, compared = read[: len(paths)], read[len(paths) :]
        scene = stack.enter_context(open_scene(paths, chosen, catalog.scenes))
        rule = detector_rule(catalog.detector(scene.detector), scene.detector)
        earlier = open_earlier(before, scene, rule, catalog, stack)
        kind = catalog.scenes[scene.product.id]
        searched = Searched(kind.id, kind.title.say(lang), scene.detector, inputs, scene.flags, compared)
        report = detect_scene(
            scene, searched, catalog=catalog, folder=folder, lang=lang, progress=progress, earlier=earlier
        )
        for path, marks in zip(everything, marks_before, strict=True):
            if file_marks(path) != marks:
                raise InputError("file_changed", name=path.name)
    return report


def detect_scene(
    scene: Scene,
    searched: Searched,
    *,
    catalog: Catalog,
    folder: Path,
    lang: str,
    progress: Progress,
    earlier: Sequence[Scene] = (),
) -> Mapping[str, Any]:
    """Search an open scene and fill a folder; return the report that is written there too.

    Parameters
    ----------
    scene
        The scene.
    searched
        What is said of it.
    catalog, lang, progress
        As in `detect_files`.
    folder
        An empty folder.
    earlier
        Scenes of the same slot of earlier days, on the same grid.
    """
    table = catalog.detector(searched.detector)
    digest = hashlib.sha256(json.dumps(table, sort_keys=True, default=str).encode()).hexdigest()
    rule = detector_rule(table, searched.detector)
    watched = WatchedScene(scene)
    found = detect(
        watched,
        rule,
        progress=lambda done, total: progress("scene_detecting", done, total),
        background_t4=EarlierDays(earlier, rule) if earlier else None,
    )
    extent = watched.extent(ROWS)
    facts = told.seen_facts(watched, extent) | told.found_facts(found.mask, found.pixels, found.notes)
    greys = greys_of(watched.t4, found.mask)
    if rule.view.candidates_only:
        files = [one._asdict() for one in searched.earlier]
        facts["earlier"] = told.earlier_facts(found.pixels) | {"days": len(earlier), "files": files}
    own = told.own_flags(facts)
    report: dict[str, Any] = {
        "made_by": told.made_by(),
        "product": searched.product,
        "detector": {"detector": searched.detector, "sha256": digest},
        "inputs": [one._asdict() for one in searched.inputs],
        **facts,
        "greys_k": list(greys),
        "flags": told.flagged(searched.flags, "scenes") + told.flagged(own, "detect"),
    }
    scene_sha = hashlib.sha256("\n".join(one.sha256 for one in searched.inputs).encode()).hexdigest()
    write_scene_csv(
        folder / "fires.csv",
        found.pixels,
        satellite=scene.satellite,
        detector=f"{searched.detector}@{digest[:16]}",
        scene=scene_sha,
    )
    codes = codes_of(catalog.layer(MASK_LAYER), lang)
    draw_swath(folder / "mask.tif", watched, found.mask, codes)
    if not extent.empty:
        canvas = draw_map(
            watched, found.mask, extent, lambda done, total: progress("scene_drawing", done, total)
        )
        write_maps(folder / "map", canvas, codes)
        (folder / "quicklook.png").write_bytes(quick_look(canvas, greys, codes))
        caption = say("detect.caption", lang, low=f"{greys.low:g}", high=f"{greys.high:g}")
        lines = (told.title_of(report, lang), caption, say("detect.careful", lang))
        (folder / "quicklook.txt").write_text("\n".join(lines) + "\n", "utf-8")
    text = told.report_lines(report, codes.titles, searched.title, lang)
    (folder / "report.txt").write_text("\n".join(text) + "\n", "utf-8")
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return report


def _hashed(paths: Sequence[Path], progress: Progress) -> list[ReadFile]:
    total, done = sum(path.stat().st_size for path in paths), 0

    def told(size: int) -> None:
        nonlocal done
        done += size
        progress("scene_hashing", done, total)

    return [ReadFile(path.name, path.stat().st_size, file_sha256(path, told)) for path in paths]
