"""The log of what is wrong with, or was repaired in, the cells of a list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Severity = Literal["error", "warning", "repair"]
ISSUE_COLUMNS = ("row", "field", "value", "severity", "code", "params")


@dataclass
class IssueLog:
    """Collects issues; a row number of 0 means the whole list."""

    _rows: list[tuple[int, str, str, str, str, str]] = field(default_factory=list)

    def add(
        self, row: int, field: str, value: object, code: str, severity: Severity = "error", **params: object
    ) -> None:
        """Note one issue; ``code`` is looked up in ``wording/issues.toml``."""
        self._rows.append(
            (
                int(row),
                field,
                str(value),
                severity,
                code,
                json.dumps(params, ensure_ascii=False, sort_keys=True),
            )
        )

    def add_many(
        self,
        rows: Iterable[int],
        field: str,
        values: Sequence[object],
        code: str,
        severity: Severity = "error",
        **params: object,
    ) -> None:
        """Note the same issue for many rows; parameters are shared."""
        text = json.dumps(params, ensure_ascii=False, sort_keys=True)
        self._rows.extend(
            (int(row), field, str(value), severity, code, text)
            for row, value in zip(rows, values, strict=True)
        )

    def extend(self, other: IssueLog, *, list_name: str) -> None:
        """Take over the issues of another list; its name goes before the field, so that rows keep apart."""
        self._rows.extend(
            (0, f"{list_name} {row}: {field}", value, severity, code, params)
            for row, field, value, severity, code, params in other._rows
        )

    def frame(self) -> pd.DataFrame:
        """Return the issues as a frame (`ISSUE_COLUMNS`), by row, in the order noted."""
        frame = pd.DataFrame(self._rows, columns=list(ISSUE_COLUMNS))
        return frame.sort_values("row", kind="stable", ignore_index=True)
