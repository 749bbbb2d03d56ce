"""The database of the fire job: SQLite beside the files by default, PostgreSQL by one setting.

A database is brought up to date when it is opened: in one transaction, under a lock, so that of two processes
one takes the steps and the other finds them taken, and a process killed between two of them leaves none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError

from geoaq.errors import ConfigError
from geoaq.store.fires.folder import locked

# How long a connection waits for another one's transaction, seconds. Those of the store are short.
_PATIENCE_S = 60
# Any number that no other program on the same server asks for: "geoaq" in ASCII.
_ADVISORY_LOCK = 0x67656F6171


def open_database(folder: Path, url: str | None) -> Engine:
    """Return the database, made when it is not there and brought up to date.

    Parameters
    ----------
    folder
        Where ``fires.sqlite`` lies, or the locks of a database elsewhere.
    url
        ``postgresql://…``; None: SQLite in ``folder``.

    Raises
    ------
    ConfigError
        ``bad_database_url``, ``database_unreachable``; ``database_newer``: a later release has written it.
    """
    engine = _engine(folder, url)
    try:
        migrate(engine, folder)
    except OperationalError as error:
        engine.dispose()
        raise ConfigError("database_unreachable", problem=str(error.orig).strip()) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def migrate(engine: Engine, folder: Path) -> None:
    """Take the steps of ``migrations`` that the database is missing: all of them or none."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        if _revision(connection, script) == script.get_current_head():
            return
    with locked(folder / "migration.lock"), writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        if _revision(connection, script) != script.get_current_head():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def writing(engine: Engine) -> Any:
    """Return a context manager: a connection with one transaction that writes, from its start on."""
    return engine.execution_options(geoaq_writes=True).begin()


def _revision(connection: Connection, script: ScriptDirectory) -> str | None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {one.revision for one in script.walk_revisions()}
    if found is not None and found not in known:
        raise ConfigError("database_newer", revision=found)
    return found


def _engine(folder: Path, url: str | None) -> Engine:
    if url is None:
        engine = create_engine(
            URL.create("sqlite", database=str(folder / "fires.sqlite")),
            connect_args={"timeout": _PATIENCE_S},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        named = make_url(url)
    except ArgumentError as error:
        raise ConfigError("bad_database_url") from error
    if named.get_backend_name() != "postgresql":
        raise ConfigError("bad_database_url")
    return create_engine(named.set(drivername="postgresql+psycopg"), pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Transactions are begun below: by itself the driver would begin none for a statement that makes a table.
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("geoaq_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
