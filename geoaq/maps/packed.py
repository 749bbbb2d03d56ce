"""Many cards that say much the same, with every part that repeats written once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def packed(records: Sequence[Any]) -> dict[str, Any]:
    """Return records of JSON values with each distinct value written once.

    Parameters
    ----------
    records
        Values as `json.dumps` takes them; the keys of an object are texts.

    Returns
    -------
    dict
        ``parts``: the distinct values. A text, a number, a truth value or null stands as it is; a list is
        ``[-1, part, …]``; an object ``[keys, part, …]`` with its keys at that number in ``keys``. ``of``: the
        part of each record. A part stands after those that it is made of.

    Examples
    --------
    >>> packed([{"a": "x", "b": ["x"]}, {"a": "x", "b": ["x"]}])
    {'keys': [['a', 'b']], 'parts': ['x', [-1, 0], [0, 0, 1]], 'of': [2, 2]}
    """
    keys: dict[tuple[str, ...], int] = {}
    numbers: dict[Any, int] = {}
    parts: list[Any] = []

    def number(value: Any) -> int:
        if isinstance(value, Mapping):
            kind = keys.setdefault(tuple(value), len(keys))
            own: Any = (kind, *map(number, value.values()))
        elif isinstance(value, list | tuple):
            own = (-1, *map(number, value))
        else:
            # True equals 1 and 1.0 to a dictionary, but not to a reader.
            own = (type(value).__name__, repr(value))
        if own not in numbers:
            numbers[own] = len(parts)
            parts.append(list(own) if isinstance(own[0], int) else value)
        return numbers[own]

    of = [number(record) for record in records]
    return {"keys": [list(one) for one in keys], "parts": parts, "of": of}
