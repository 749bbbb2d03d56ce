"""The look of the office's cells: openpyxl styles as XlsxWriter format properties."""

from __future__ import annotations

import colorsys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.styles.colors import Color
    from openpyxl.workbook import Workbook

# The colours of the Office theme by index: light 1, dark 1, light 2, dark 2, accents, links.
_THEME = (
    "FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47",
    "0563C1", "954F72",
)  # fmt: skip
_BORDERS = {
    "thin": 1, "medium": 2, "dashed": 3, "dotted": 4, "thick": 5, "double": 6, "hair": 7, "mediumDashed": 8,
    "dashDot": 9, "mediumDashDot": 10, "dashDotDot": 11, "mediumDashDotDot": 12, "slantDashDot": 13,
}  # fmt: skip
_ACROSS = {
    "left": "left", "center": "center", "right": "right", "fill": "fill", "justify": "justify",
    "centerContinuous": "center_across", "distributed": "distributed",
}  # fmt: skip
_UP = {
    "top": "top", "center": "vcenter", "bottom": "bottom", "justify": "vjustify",
    "distributed": "vdistributed",
}  # fmt: skip
_UNDERLINES = {"single": 1, "double": 2, "singleAccounting": 33, "doubleAccounting": 34}


def colour(value: Color | None) -> str | None:
    """Return a colour as ``#RRGGBB``, or None where the cell leaves it to the program.

    Examples
    --------
    >>> from openpyxl.styles.colors import Color
    >>> colour(Color(rgb="FF1A2B3C")), colour(Color(theme=1)), colour(Color(theme=0, tint=-0.5))
    ('#1A2B3C', '#000000', '#808080')
    """
    if value is None:
        return None
    from openpyxl.styles.colors import COLOR_INDEX

    if value.type == "rgb" and isinstance(value.rgb, str) and len(value.rgb) == 8:
        base = value.rgb[2:]
    elif value.type == "theme" and value.theme is not None and value.theme < len(_THEME):
        base = _THEME[value.theme]
    elif value.type == "indexed" and value.indexed is not None and value.indexed < len(COLOR_INDEX):
        base = COLOR_INDEX[value.indexed][-6:]
    else:
        return None
    red, green, blue = (int(base[at : at + 2], 16) / 255 for at in (0, 2, 4))
    tint = float(value.tint or 0.0)
    if tint:
        hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
        light = light * (1 + tint) if tint < 0 else light + (1 - light) * tint
        red, green, blue = colorsys.hls_to_rgb(hue, light, saturation)
    return "#" + "".join(f"{round(part * 255):02X}" for part in (red, green, blue))


def format_properties(book: Workbook, style: int) -> dict[str, Any]:
    """Return the properties of one cell style of a workbook; of a style that does not exist, none.

    Kept are font, fill, borders, alignment and number format.
    """
    if style <= 0:
        return {}
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.styles import PatternFill

    sheet: Any = SimpleNamespace(parent=book)
    cell = ReadOnlyCell(sheet, 1, 1, None, "n", style)
    try:
        font, fill, border, alignment = cell.font, cell.fill, cell.border, cell.alignment
        number_format = cell.number_format
    except IndexError:
        return {}
    found: dict[str, Any] = {
        "font_name": font.name,
        "font_size": font.sz,
        "bold": bool(font.b),
        "italic": bool(font.i),
        "font_strikeout": bool(font.strike),
        "underline": _UNDERLINES.get(font.u or "", 0),
        "font_color": colour(font.color),
        "align": _ACROSS.get(alignment.horizontal or ""),
        "valign": _UP.get(alignment.vertical or ""),
        "text_wrap": bool(alignment.wrap_text),
        "shrink": bool(alignment.shrink_to_fit),
        "num_format": "" if number_format == "General" else number_format,
    }
    if isinstance(fill, PatternFill) and fill.fill_type == "solid":
        found["bg_color"] = colour(fill.fgColor)
    for side in ("left", "right", "top", "bottom"):
        line = getattr(border, side)
        if line is not None and line.style in _BORDERS:
            found[side] = _BORDERS[line.style]
            found[f"{side}_color"] = colour(line.color)
    return {name: value for name, value in found.items() if value not in (None, False, 0, "")}
