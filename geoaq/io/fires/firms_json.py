"""Reads detections of FIRMS in JSON: a list of records, or a GeoJSON; values may be numbers or text."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from geoaq.errors import InputError
from geoaq.frames import IssueLog
from geoaq.io.fires.chunks import FireChunk, empty_chunk
from geoaq.io.fires.firms import REQUIRED, is_firms, read_firms

_PART = 262_144
_LONGEST_RECORD = 1_048_576
_ROWS = 100_000
_FEATURES = re.compile(r'"features"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")


def is_firms_json(head: str) -> bool:
    """Say by the beginning of a JSON text whether its records are those of FIRMS."""
    return re.search(r'"acq_date"\s*:', head, re.IGNORECASE) is not None


def read_firms_json(file: BinaryIO, name: str) -> Iterator[FireChunk]:
    """Read records with the names of FIRMS; a file without records gives an empty chunk.

    The text is taken apart record by record, so that memory is bounded. Where it ends before its time, what
    was there is given, with a warning.

    Raises
    ------
    InputError
        ``firms_broken``: no JSON, or no list of records.
    """
    log = IssueLog()
    records = _records(file, name, log)
    first, given = 1, 0
    while rows := list(islice(records, _ROWS)):
        yield _chunk(rows, first, name)
        first, given = first + len(rows), given + 1
    if not given or len(log.frame()):
        yield empty_chunk("firms", log)


def _chunk(rows: list[dict[str, Any]], first: int, name: str) -> FireChunk:
    header = list(dict.fromkeys(key for row in rows for key in row))
    if not is_firms(header):
        missing = "、".join(each for each in REQUIRED if each not in header)
        raise InputError("columns_missing", name=name, columns=missing)
    cells = {key: pa.array([row.get(key, "") for row in rows], pa.string()) for key in header}
    return read_firms(cells, np.arange(first, first + len(rows), dtype=np.int64), name)


def _records(file: BinaryIO, name: str, log: IssueLog) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    parts = _text(file, name)
    text = next(parts, "")
    start = _start(text, name)
    count, ended = 0, False
    while True:
        gap = _GAP.match(text, start)
        start = start if gap is None else gap.end()
        if text[start : start + 1] == "]":
            return
        try:
            record, start = decoder.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError) as error:
            more = next(parts, "")
            if not more and not ended:
                log.add(0, "", name, "fire_file_cut", "warning", count=count)
                return
            text, start = text[start:] + more, 0
            if len(text) > _LONGEST_RECORD:
                raise InputError("firms_broken", name=name) from error
            continue
        count += 1
        yield _flat(record, name)


def _text(file: BinaryIO, name: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while part := file.read(_PART):
            yield decoder.decode(part)
    except UnicodeDecodeError as error:
        raise InputError("firms_encoding", name=name) from error


def _start(text: str, name: str) -> int:
    """Return where the first record begins: in a list, or in the features of a GeoJSON."""
    bare = len(text) - len(text.lstrip())
    if text[bare : bare + 1] == "[":
        return bare + 1
    found = _FEATURES.search(text)
    if found is None:
        raise InputError("firms_broken", name=name)
    return found.end()


def _flat(record: Any, name: str) -> dict[str, str]:
    """Return a record, or the properties of a feature, as text by lower-case name."""
    if not isinstance(record, dict):
        raise InputError("firms_broken", name=name)
    properties = record.get("properties", record)
    if not isinstance(properties, dict):
        raise InputError("firms_broken", name=name)
    flat = {str(key).strip().lower(): _printed(value) for key, value in properties.items()}
    shape = record.get("geometry")
    place = shape.get("coordinates") if isinstance(shape, dict) and shape.get("type") == "Point" else None
    if isinstance(place, list) and len(place) >= 2:
        flat.setdefault("longitude", _printed(place[0]))
        flat.setdefault("latitude", _printed(place[1]))
    return flat


def _printed(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
