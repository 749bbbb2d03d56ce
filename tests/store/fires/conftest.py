"""The store on SQLite and on PostgreSQL: each test gets folders and databases of its own."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from geoaq.store.fires.store import FireStore
from tests.conftest import ROOT, leave_out

MakeStore = Callable[[], FireStore]


def programs() -> Path | None:
    """Return the folder of PostgreSQL's own programs: the newest of Debian's, else where they are found."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    return None if found is None else Path(found).parent


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """Start a server of its own on a socket in a folder of its own; give its address."""
    where = programs()
    if where is None:
        leave_out("needs PostgreSQL (Debian package postgresql)")
    # The server refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="geoaq-pg-", dir="/tmp") as name:
        if user is not None:
            shutil.chown(name, user)
        data, log = f"{name}/data", f"{name}/log"
        start = f"-c listen_addresses= -c unix_socket_directories={name} -c fsync=off -c max_connections=40"
        control = [where / "pg_ctl", "-D", data, "-w", "-l", log]

        def run(*words: object) -> None:
            command = [str(word) for word in words]
            subprocess.run(command, check=True, user=user, cwd=name, stdout=subprocess.DEVNULL)

        run(where / "initdb", "-D", data, "-A", "trust", "-U", "geoaq", "-E", "UTF8", "--no-locale", "-N")
        run(*control, "-o", start, "start")
        try:
            yield f"postgresql://geoaq@/postgres?host={name}"
        finally:
            run(*control, "-m", "immediate", "stop")


_NUMBERS = itertools.count(1)


def new_database(cluster: str, like: str | None = None) -> str:
    """Make a schema, empty or with what another one holds, and return its address: a store's own database."""
    name = f"t{next(_NUMBERS)}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
        if like is not None:
            held = f"SELECT tablename FROM pg_tables WHERE schemaname = '{like}'"
            for (table,) in connection.execute(held.encode()).fetchall():
                copied = f"CREATE TABLE {name}.{table} (LIKE {like}.{table} INCLUDING ALL)"
                connection.execute(copied.encode())
                connection.execute(f"INSERT INTO {name}.{table} SELECT * FROM {like}.{table}".encode())
    return f"{cluster}&options=-csearch_path%3D{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest) -> Callable[[], str | None]:
    """Return what makes a fresh database: None stands for SQLite in the folder."""
    if request.param == "sqlite":
        return lambda: None
    cluster = request.getfixturevalue("cluster")
    return lambda: new_database(cluster)


@pytest.fixture
def make_store(new_url: Callable[[], str | None], tmp_path: Path) -> Iterator[MakeStore]:
    """Return what makes an empty store; all are closed in the end."""
    made: list[FireStore] = []

    def make() -> FireStore:
        made.append(FireStore(tmp_path / str(len(made)), new_url()))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_base(request: pytest.FixtureRequest) -> Callable[[], tuple[str | None, Callable[[], str | None]]]:
    """Return what makes a fresh database and what makes copies of it later."""

    def make() -> tuple[str | None, Callable[[], str | None]]:
        if request.param == "sqlite":
            return None, lambda: None
        cluster = request.getfixturevalue("cluster")
        url = new_database(cluster)
        name = url.rsplit("%3D", 1)[1]
        return url, lambda: new_database(cluster, name)

    return make


def left_by(
    module: str, mode: str, top: Path, new_url: Callable[[], str | None]
) -> list[tuple[Path, str | None]]:
    """Run a program of dying children, and return the stores that they left, the last one whole."""
    command = [sys.executable, "-m", module, mode, str(top)]
    urls: list[str | None] = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None

        def ask() -> str:
            urls.append(new_url())
            process.stdin.write(f"{urls[-1] or '-'}\n")
            process.stdin.flush()
            return process.stdout.readline()

        while (told := ask()).strip().isdigit():
            pass
        assert process.wait() == 0, process.stderr.read()
        assert told == "end\n"
    return [(top / str(n), url) for n, url in enumerate(urls)]
