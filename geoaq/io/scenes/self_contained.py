"""Whether an HDF5 or HDF4 file holds all of its numbers itself.

A data set may take its numbers from another file on the same disk, by any path: as external storage, or as a
virtual data set. Neither is found in what agencies give out, and a scene must not show what lies beside it.
What says so stands uncompressed in the file: in messages anywhere in HDF5, in the list of elements in HDF4.
"""

from __future__ import annotations

import mmap
import re
import struct
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

# HDF4: a list of elements begins after the signature; a block of it has a head, and an entry for each. The
# tag of an element that is stored in a special way has a bit set, and its data begin with the way: external.
_LIST, _HEAD, _ENTRY = 4, struct.Struct(">HI"), struct.Struct(">HHII")
_SPECIAL, _OF_USERS, _ELSEWHERE = 0x4000, 0x8000, b"\x00\x02"


def hdf4_holds_its_numbers(path: Path) -> bool:
    """Say whether no element of an HDF4 file lies in another file, and its list of them comes to an end.

    Parameters
    ----------
    path
        A file that begins with the signature of HDF4.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at, earlier = _LIST, set[int]()
        try:
            while at:
                if at in earlier:
                    return False
                earlier.add(at)
                count, following = _HEAD.unpack_from(data, at)
                for number in range(count):
                    tag, _, start, _ = _ENTRY.unpack_from(data, at + _HEAD.size + number * _ENTRY.size)
                    special = tag & _SPECIAL and not tag & _OF_USERS
                    if special and data[start : start + len(_ELSEWHERE)] == _ELSEWHERE:
                        return False
                at = following
        except struct.error:  # the list is cut short, and the library reads nothing of such a file
            return True
    return True


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
