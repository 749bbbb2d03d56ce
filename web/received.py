"""What a form brings: files, kept in a staging folder under names of their own, and short texts."""

from __future__ import annotations

import os
import shutil
import unicodedata
from pathlib import Path
from typing import IO, Any

from flask import Request, request
from werkzeug.datastructures import FileStorage

from geoaq.errors import InputError, LimitError
from geoaq.store.attempts import Attempt
from web.rooms import rooms

_NAME_MAX = 80


class FormRequest(Request):
    """A request whose uploaded files are closed at its end, also when the form was cut off half way."""

    def _get_file_stream(self, *args: Any, **words: Any) -> IO[bytes]:
        stream = super()._get_file_stream(*args, **words)
        self.__dict__.setdefault("_kept_streams", []).append(stream)
        return stream

    def close(self) -> None:
        """Close the files."""
        super().close()
        for stream in self.__dict__.pop("_kept_streams", ()):
            stream.close()


def shown_name(stated: str) -> str:
    r"""Return a file name as it is shown and kept: no folders, no control characters, not long.

    Examples
    --------
    >>> shown_name("C:\\桌面\\锅炉清单.xlsx"), shown_name("../../etc/passwd"), shown_name("..")
    ('锅炉清单.xlsx', 'passwd', 'list')
    """
    name = unicodedata.normalize("NFC", stated).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    if len(name) > _NAME_MAX:
        suffix = Path(name).suffix[:10]
        name = name[: _NAME_MAX - len(suffix)] + suffix
    return name or "list"


def required_file(field: str, kinds: tuple[str, ...]) -> FileStorage:
    """Return the file of a field.

    Raises
    ------
    InputError
        ``no_file_chosen``; ``bad_file_kind``: its ending is none of ``kinds``.
    """
    file = optional_file(field, kinds)
    if file is None:
        raise InputError("no_file_chosen", field=field)
    return file


def optional_file(field: str, kinds: tuple[str, ...]) -> FileStorage | None:
    """Return the file of a field, None where there is none; errors as of `required_file`."""
    file = request.files.get(field)
    if file is None or not file.filename:
        return None
    name = shown_name(file.filename)
    if Path(name).suffix.lower() not in kinds:
        raise InputError("bad_file_kind", name=name, kinds=" ".join(kinds), field=field)
    return file


def keep(file: FileStorage, attempt: Attempt, field: str) -> Path:
    """Write one uploaded file into the staging folder under its own name, in a folder of its own."""
    folder = attempt.folder / "input" / field
    folder.mkdir(parents=True)
    name = shown_name(file.filename or "")
    path = folder / name
    file.save(path)
    size, most = path.stat().st_size, rooms().settings.upload_mb
    if size == 0:
        raise InputError("empty_file", name=name, field=field)
    if size > most * 1_000_000:
        raise LimitError("upload_too_large", limit_mb=most)
    return path


def lay_beside(file: Path, attempt: Attempt, field: str) -> Path:
    """Put a file that is kept already into the staging folder, as if it had been uploaded once more."""
    folder = attempt.folder / "input" / field
    folder.mkdir(parents=True)
    path = folder / file.name
    try:
        os.link(file, path)
    except OSError:  # another file system, or one without links
        shutil.copyfile(file, path)
    return path
