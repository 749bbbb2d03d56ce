"""Setting pages by typst: templates are given data, never markup, and only the fonts of this installation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geoaq.report.sheet.fonts import drawable, font_dir


def typeset(template: Path, inputs: Mapping[str, str], *, ppi: int | None = None) -> bytes:
    """Return a template set as PDF or, with ``ppi``, as a PNG of one page; no date gets in.

    Parameters
    ----------
    template
        A typst file that needs no other.
    inputs
        What it finds in ``sys.inputs``; characters must be those of the fonts (`all_drawable`).
    ppi
        Dots of the PNG to the inch.

    Raises
    ------
    ConfigError
        ``front_end_missing``: the print fonts are not there.
    """
    import typst

    compiler = typst.Compiler(ignore_system_fonts=True, font_paths=[str(font_dir())])
    made = compiler.compile(
        input=template.read_bytes(), format="pdf" if ppi is None else "png", sys_inputs=dict(inputs), ppi=ppi,
        timestamp=0,
    )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError(f"{template.name}: more than one page")
    return made


def all_drawable(value: Any) -> Any:
    """Return data in which every text is one that the print fonts can draw."""
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, dict):
        return {key: all_drawable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [all_drawable(each) for each in value]
    return value
