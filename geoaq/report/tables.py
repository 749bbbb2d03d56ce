"""Findings, subjects and what lies in their reach as streamed tables: csv for people, parquet for machines.

The csv is written by Arrow from columns that are joined once a rule or once a subject and then taken by
position; nothing is formatted twice. One `FindingsWriter.write` is one chunk: memory is bounded by it.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from geoaq.findings import DOES_NOT_APPLY, FINDINGS_SCHEMA, TRUE, UNKNOWN
from geoaq.report.cells import neutral_text
from geoaq.report.columns import NEAR_SCHEMA, Subject, TableKind, table_kind
from geoaq.report.sentences import Citations

ROW_GROUP = 250_000
_KEY = ("row", "part", "subject_id")


class FindingsWriter:
    """Streams ``findings.csv``, ``findings.parquet``, ``subjects.parquet`` and what lies in reach.

    The last is ``anchors.parquet`` (the plants of boilers and units) or ``consultees.parquet`` (the provinces
    of projects).

    Parameters
    ----------
    folder
        An existing folder; the files are made in it.
    citations
        For each rule its ``quote``, ``document`` and ``article``.
    subject
        What the list holds: boilers, generating units or projects.
    formats
        ``csv`` and/or ``parquet``.

    Notes
    -----
    ``findings.csv`` is UTF-8 with a byte order mark, so that Excel opens it, lines end in LF, text is quoted.
    It holds the findings that apply or need review: ``lon`` and ``lat`` in degrees (WGS 84, 6 decimals),
    ``distance_km`` with 5 decimals, ``margin_m`` with one; distance, margin, anchor and neighbour stand only
    in rows whose rule measures a distance. Text that looks like a formula gets a leading apostrophe; numbers
    stay numbers. The same chunks give the same bytes.
    """

    def __init__(
        self,
        folder: Path,
        citations: Citations,
        *,
        subject: Subject = "boiler",
        formats: Collection[str] = ("csv", "parquet"),
    ) -> None:
        self._folder = folder
        self._citations = citations
        self._kind = table_kind(subject)
        self._csv: IO[bytes] | None = None
        self._parquet: dict[str, pq.ParquetWriter] = {}
        if "csv" in formats:
            self._csv = (folder / "findings.csv").open("wb")
            self._csv.write(b"\xef\xbb\xbf" + ",".join(self._kind.csv).encode() + b"\n")
        if "parquet" in formats:
            for name, schema in (
                ("findings", FINDINGS_SCHEMA),
                ("subjects", self._kind.subjects),
                (self._kind.pairs_name, self._kind.pairs),
            ):
                words = [f.name for f in schema if not pa.types.is_floating(f.type)]
                self._parquet[name] = pq.ParquetWriter(
                    folder / f"{name}.parquet", schema, compression="zstd", use_dictionary=words
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish the files."""
        for writer in self._parquet.values():
            writer.close()
        if self._csv is not None:
            self._csv.close()

    def write(
        self, subjects: pd.DataFrame, findings: pd.DataFrame, pairs: pd.DataFrame | None = None
    ) -> None:
        """Append one chunk.

        Parameters
        ----------
        subjects
            One row a subject, with the columns of ``columns.subjects_schema`` (more are ignored; of the
            optional ones, a missing column is written as null).
        findings
            The long frame of ``policy.evaluate``: ``subject`` is the position in ``subjects``.
        pairs
            What lies in reach of a subject: ``subject`` (position), ``distance_m``, ``u_m``, ``truth``, and
            of the plant or province the other columns of the table, where known; lengths in metres.
        """
        table = subjects_table(subjects, self._kind.subjects)
        findings = by_subject(findings)
        if self._csv is not None:
            rows = findings.loc[(findings["outcome"] != DOES_NOT_APPLY).to_numpy()]
            pcsv.write_csv(
                csv_table(table, rows, self._citations, self._kind),
                self._csv,
                pcsv.WriteOptions(include_header=False, batch_size=65_536),
            )
        if self._parquet:
            self._parquet["subjects"].write_table(table, row_group_size=ROW_GROUP)
            self._parquet["findings"].write_table(findings_table(table, findings), row_group_size=ROW_GROUP)
            if pairs is not None and len(pairs):
                reach = pairs_table(table, pairs, self._kind)
                self._parquet[self._kind.pairs_name].write_table(reach, row_group_size=ROW_GROUP)


def by_subject(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings ordered by subject, rules in the order given."""
    order = findings["subject"].to_numpy()
    if len(order) < 2 or bool(np.all(order[1:] >= order[:-1])):
        return findings
    return findings.iloc[np.argsort(order, kind="stable")]


def subjects_table(subjects: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Return the columns of ``schema``; what is not known becomes null, and so does a column that is missing.

    A column in three-valued logic becomes true, false and null.
    """
    columns = []
    for field in schema:
        if field.name not in subjects.columns:
            columns.append(pa.nulls(len(subjects), field.type))
            continue
        values = subjects[field.name]
        if pa.types.is_boolean(field.type):
            truth = values.to_numpy(np.int8)
            columns.append(pa.array(truth == TRUE, mask=truth == UNKNOWN))
        elif pa.types.is_string(field.type) and isinstance(values.dtype, pd.CategoricalDtype):
            columns.append(_word(values).cast(pa.string()))
        else:
            columns.append(pa.Array.from_pandas(values, type=field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def findings_table(subjects: pa.Table, findings: pd.DataFrame) -> pa.Table:
    """Return the chunk of ``findings.parquet``."""
    at = pa.array(findings["subject"].to_numpy())
    columns = []
    for field in FINDINGS_SCHEMA:
        if field.name in ("row", "part", "subject_id"):
            columns.append(_taken(subjects, field.name, at))
        elif pa.types.is_dictionary(field.type):
            columns.append(_word(findings[field.name]))
        else:
            columns.append(pa.Array.from_pandas(findings[field.name], type=field.type))
    return pa.Table.from_arrays(columns, schema=FINDINGS_SCHEMA)


def csv_table(subjects: pa.Table, findings: pd.DataFrame, citations: Citations, kind: TableKind) -> pa.Table:
    """Return the chunk of ``findings.csv`` (``kind.csv``)."""
    at = pa.array(findings["subject"].to_numpy())
    measured = (findings["quantity"] == "distance_km").to_numpy()
    rule = _word(findings["rule_id"])
    columns: dict[str, pa.Array] = {"row": _taken(subjects, "row", at)}
    for name in ("subject_id", "name"):
        columns[name] = neutral_text(subjects[name].combine_chunks()).take(at)
    for name in ("lon", "lat"):
        columns[name] = _decimals(subjects[name].to_numpy(), 6).take(at)
    for name in ("province", "city", "county", "adcode"):
        columns[name] = neutral_text(subjects[name].combine_chunks()).take(at)
    for name in ("outcome", "strength", "timing", "basis", "contested_by", "reasons"):
        columns[name] = _word(findings[name]).cast(pa.string())
    columns["rule_id"] = rule.cast(pa.string())
    columns["distance_km"] = _decimals(np.where(measured, findings["measured"], np.nan), 5)
    columns["margin_m"] = _decimals(np.where(measured, findings["margin"] * 1000.0, np.nan), 1)
    where = pc.if_else(pa.array(measured), at, pa.scalar(None, at.type))
    for name in kind.measured:
        columns[name] = neutral_text(subjects[name].combine_chunks()).take(where)
    for name in ("quote", "document", "article"):
        texts = pa.array([citations[key][name] for key in rule.dictionary.to_pylist()], pa.string())
        columns[name] = neutral_text(texts).take(rule.indices)
    return pa.table({name: columns[name] for name in kind.csv})


def write_near(path: Path, subjects: pd.DataFrame, near: pd.DataFrame) -> None:
    """Write ``near.parquet``: the other projects in the strips of each.

    Parameters
    ----------
    path
        The file to write.
    subjects
        ``row part subject_id`` of each project.
    near
        ``subject`` (position), ``distance_m`` and the other columns of ``columns.NEAR_SCHEMA``.
    """
    own = subjects[list(_KEY)].take(near["subject"].to_numpy()).reset_index(drop=True)
    told = near.drop(columns=["subject", "distance_m"]).reset_index(drop=True)
    frame = pd.concat([own, told], axis=1).assign(distance_km=near["distance_m"].to_numpy(float) / 1000.0)
    table = pa.Table.from_pandas(frame[NEAR_SCHEMA.names], NEAR_SCHEMA, preserve_index=False)
    pq.write_table(table.replace_schema_metadata(None), path, compression="zstd")


def pairs_table(subjects: pa.Table, pairs: pd.DataFrame, kind: TableKind) -> pa.Table:
    """Return the chunk of ``anchors.parquet`` or ``consultees.parquet``: what each subject has in reach."""
    at = pa.array(pairs["subject"].to_numpy())
    columns = []
    for field in kind.pairs:
        metres = field.name.removesuffix("_km") + "_m"
        if field.name in _KEY:
            columns.append(_taken(subjects, field.name, at))
        elif field.name == "truth":
            columns.append(pa.array(np.array(kind.truth, object)[pairs["truth"].to_numpy()], pa.string()))
        elif field.name.endswith("_km") and metres in pairs.columns:
            columns.append(pa.array(pairs[metres].to_numpy(float) / 1000.0, from_pandas=True))
        elif field.name in pairs.columns:
            columns.append(pa.Array.from_pandas(pairs[field.name], type=field.type))
        else:
            columns.append(pa.nulls(len(pairs), field.type))
    return pa.Table.from_arrays(columns, schema=kind.pairs)


def _taken(table: pa.Table, name: str, at: pa.Array) -> pa.Array:
    return table[name].combine_chunks().take(at)


def _word(values: pd.Series) -> pa.DictionaryArray:
    """Return strings as a dictionary with 16-bit indices; missing becomes null."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("category")
    codes = values.cat.codes.to_numpy().astype(np.int16)
    indices = pa.array(codes, mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(values.cat.categories.tolist(), pa.string()))


def _decimals(values: npt.NDArray[np.float64], digits: int) -> pa.Array:
    """Return the numbers with a fixed count of decimals; not-a-number becomes null."""
    numbers = np.asarray(values, np.float64)
    rounded = np.round(numbers, digits) + 0.0
    return pa.array(rounded, mask=~np.isfinite(numbers)).cast(pa.decimal128(18, digits))
