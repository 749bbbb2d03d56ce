"""Whether an HDF5 file holds all of its numbers itself.

A data set may take its numbers from another file on the same disk, by any path: as external storage, or as a
virtual data set. Neither is found in what agencies give out, and a scene must not show what lies beside it.
The messages that say so stand uncompressed in the file, whatever else it holds.
"""

from __future__ import annotations

import mmap
import re
from pathlib import Path

# Where the superblock says how many bytes an address has, by its version.
_ADDRESS_BYTES = {0: 13, 1: 13, 2: 9, 3: 9}
# An address of eight bytes of a file below a tebibyte.
_ADDRESS = rb"(.....\x00\x00\x00)"
# External data files: version 1, slots allocated and used, and the heap with the names of the files.
_EXTERNAL = re.compile(rb"\x01\x00\x00\x00....(?=" + _ADDRESS + rb")", re.DOTALL)
# The layout of a virtual data set, versions 4 and 5: class 3, and the heap with its sources.
_VIRTUAL = (
    re.compile(rb"\x04\x03(?=" + _ADDRESS + rb")", re.DOTALL),
    re.compile(rb"\x05\x03(?=" + _ADDRESS + rb")", re.DOTALL),
)


def holds_its_numbers(path: Path) -> bool:
    """Say whether an HDF5 file is of the usual form and refers to no other file for its numbers.

    Parameters
    ----------
    path
        A file that begins with the signature of HDF5.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = _ADDRESS_BYTES.get(data[8]) if len(data) > 48 else None
        if place is None or data[place] != 8:
            return False
        return not (
            _points_at(data, _EXTERNAL, b"HEAP") or any(_points_at(data, one, b"GCOL") for one in _VIRTUAL)
        )


def _points_at(data: mmap.mmap, message: re.Pattern[bytes], signature: bytes) -> bool:
    """Say whether a message of that form holds the address of a heap of that kind."""
    if data.find(signature) < 0:
        return False
    for found in message.finditer(data):
        address = int.from_bytes(found[1], "little")
        if data[address : address + 4] == signature:
            return True
    return False
