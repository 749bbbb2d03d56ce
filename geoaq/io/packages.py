"""Files of packages that are installed for their data alone; nothing of their code is imported."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from geoaq.errors import ConfigError

_LICENCES = ("LICENSE", "COPYING", "NOTICE")


def package_file(package: str, name: str) -> Path:
    """Return a file that an installed package brings.

    Parameters
    ----------
    package
        Name of the distribution.
    name
        Path of the file as the distribution records it.

    Raises
    ------
    ConfigError
        ``build_part_missing``: the package is not installed, or has no such file.
    """
    try:
        path = Path(str(distribution(package).locate_file(name)))
    except PackageNotFoundError as error:
        raise ConfigError("build_part_missing", package=package) from error
    if not path.is_file():
        raise ConfigError("build_part_missing", package=f"{package}: {Path(name).name}")
    return path


def copy_licences(package: str, folder: Path) -> None:
    """Write the licence texts of an installed package into ``folder/<package>/``.

    Raises
    ------
    ConfigError
        ``build_part_missing``: the package is not installed.
    """
    try:
        files = distribution(package).files or []
    except PackageNotFoundError as error:
        raise ConfigError("build_part_missing", package=package) from error
    place = folder / package
    place.mkdir(parents=True)
    for file in files:
        if ".dist-info/" in file.as_posix() and file.name.startswith(_LICENCES):
            (place / file.name).write_bytes(Path(str(file.locate())).read_bytes())
