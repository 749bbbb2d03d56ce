"""How large a file may be before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one installation, checked before a reader allocates memory.

    Parameters
    ----------
    file_mb
        Size of the file as it lies on the disk.
    csv_rows, workbook_rows
        Rows of a sheet, header and blank rows counted.
    columns
        Columns of a sheet.
    cells
        Rows times columns of a workbook: what a reader would allocate.
    cell_chars
        Characters of one cell (Excel's own limit by default).
    unpacked_mb
        Size of everything in a packed file (xlsx, zip) once unpacked.
    pack_ratio
        Unpacked to packed size, looked at above 16 MB: ordinary sheets stay under 100.
    members
        Number of files in a packed file.
    features, vertices
        Shapes of a vector file, and points in all of them.
    """

    file_mb: int = 1024
    csv_rows: int = 1_100_000
    workbook_rows: int = 110_000
    columns: int = 300
    cells: int = 8_000_000
    cell_chars: int = 32_767
    unpacked_mb: int = 1024
    pack_ratio: int = 200
    members: int = 2_000
    features: int = 200_000
    vertices: int = 5_000_000


DEFAULT_LIMITS = Limits()
