"""Opening the database that a URL names, and refusing one that this program cannot read."""

import os
from dataclasses import dataclass

from pdca.errors import Failed, PdcaError, Unusable, Usage
from pdca.i18n import _
from pdca.store.catalogue import SCHEMA_VERSION
from pdca.store.driver import Connection, Dialect, Statement

_SCHEMA = Statement("schema_version", "SELECT version_num FROM alembic_version")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Database:
    """Where the records are: an SQLAlchemy URL, `sqlite:///FILE` or `postgresql://…`, and the path of the file.

    One that is not `lasting` is a file that need not outlive a power cut.
    """

    url: str
    dialect: Dialect
    path: str | None
    lasting: bool = True

    def connect(self, *, writing: bool = False) -> Connection:
        """Open a connection to a database of this program's schema.

        Raises NotFound when there is none, Failed when it is something else or of another schema version, TryAgain
        when it is busy or away.
        """
        connection = self.connect_any_schema(writing=writing)
        try:
            _check_schema(connection, self)
        except BaseException:
            connection.close()
            raise
        return connection

    def connect_any_schema(self, *, writing: bool) -> Connection:
        """Open a connection without looking at the schema; for `init`, migrations and `doctor`."""
        if self.path is not None:
            from pdca.store.sqlite import SqliteConnection

            return SqliteConnection(self.path, writing=writing, lasting=self.lasting)
        try:
            from pdca.store.postgres import PostgresConnection
        except ImportError as error:
            raise Failed(
                "extra-missing",
                _("The PostgreSQL driver is not installed."),
                hint=_("Install the program with its extra: pdca[postgres]."),
            ) from error
        return PostgresConnection(self.url, writing=writing)

    def exists(self) -> bool:
        """Tell whether there is already something at the place the URL names (SQLite only)."""
        return self.path is not None and os.path.exists(self.path)


def locate(url: str) -> Database:
    """Read a database URL. Raises Usage for one that is neither SQLite nor PostgreSQL."""
    scheme, separator, rest = url.partition("://")
    if scheme == "sqlite" and separator and rest.startswith("/") and len(rest) > 1:
        return Database(url, "sqlite", _unquoted(rest[1:].partition("?")[0]).rstrip("/") or "/")
    if scheme in ("postgresql", "postgres", "postgresql+psycopg") and separator and _names_one(url):
        return Database(f"postgresql://{rest}", "postgresql", None)
    raise Usage(
        "database-url",
        _("“%(url)s” is not a database URL this program knows.") % {"url": _without_password(url)},
        hint=_("Write sqlite:///FILE (four slashes for an absolute path) or postgresql://USER@HOST/NAME."),
    )


def _unquoted(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)


def _names_one(url: str) -> bool:
    from urllib.parse import urlsplit

    return bool(urlsplit(url).path.strip("/"))


def translated(error: BaseException | None, database: Database) -> PdcaError:
    """Put an error of the driver, met through SQLAlchemy, in words a user can act on."""
    if database.path is not None:
        import sqlite3

        from pdca.store.sqlite import translated as from_sqlite

        return from_sqlite(error if isinstance(error, sqlite3.Error) else sqlite3.Error(str(error)), database.path)
    import psycopg

    from pdca.store.postgres import translated as from_postgres

    return from_postgres(error if isinstance(error, psycopg.Error) else psycopg.Error(str(error)))


def _without_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    user, at, host = rest.rpartition("@")
    return f"{scheme}{separator}{user.partition(':')[0]}{at}{host}"


def _check_schema(connection: Connection, database: Database) -> None:
    where = database.path or _without_password(database.url)
    try:
        found = connection.value(_SCHEMA)
    except PdcaError as error:
        if "alembic_version" not in error.message:
            raise
        found = None
    if found == SCHEMA_VERSION:
        return
    if found is None:
        raise Unusable(
            "not-a-pdca-database",
            _("%(place)s is a database, but not one of this program.") % {"place": where},
            hint=_("Name the right one with --database, or make one with `pdca init`."),
        )
    if str(found) < SCHEMA_VERSION:
        raise Unusable(
            "schema-older",
            _("%(place)s has schema %(found)s; this program needs %(needed)s.")
            % {"place": where, "found": found, "needed": SCHEMA_VERSION},
            hint=_("Make a backup, then run `pdca init --upgrade`."),
        )
    raise Unusable(
        "schema-newer",
        _("%(place)s has schema %(found)s; this program knows up to %(known)s.")
        % {"place": where, "found": found, "known": SCHEMA_VERSION},
        hint=_("Install the newer version of the program that made it."),
    )
