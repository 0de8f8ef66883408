"""Making and upgrading the schema; the only module besides the migrations that loads SQLAlchemy and Alembic."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError

from pdca.errors import Unusable, Usage
from pdca.i18n import _
from pdca.store.database import Database, translated


def engine_for(database: Database) -> Engine:
    """Make an SQLAlchemy engine for migrations. SQLite's transactions are left to Alembic, begun IMMEDIATE."""
    if database.dialect == "postgresql":
        return create_engine(database.url.replace("postgresql://", "postgresql+psycopg://", 1))
    engine = create_engine(f"sqlite:///{database.path}")

    @event.listens_for(engine, "connect")
    def _manual_transactions(connection: object, _: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _immediate(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def upgrade(database: Database) -> None:
    """Bring the schema to the newest revision in one transaction; an empty database gets all of it.

    Raises Unusable for a database of a revision from which no way leads here.
    """
    try:
        engine = engine_for(database)
        try:
            with engine.begin() as connection:
                command.upgrade(configuration(connection), "head")
        finally:
            engine.dispose()
    except CommandError as error:
        raise Unusable(
            "schema-unreleased",
            _("This database was made by a version of the program that was never released; it cannot be upgraded."),
            hint=_("Make a new one with `pdca init`, and import the plans into it."),
        ) from error
    except DBAPIError as error:
        raise translated(error.orig, database) from error


def make(database: Database, *, keep: bool = True) -> None:
    """Make the schema where there is none; with `keep` false only try it, and undo it.

    Raises Usage on a database that has tables, PdcaError when it cannot.
    """
    try:
        engine = engine_for(database)
        try:
            with engine.connect() as connection, connection.begin() as transaction:
                if inspect(connection).get_table_names():
                    raise Usage(
                        "already-exists",
                        _("This database has tables already; it was left as it is."),
                        hint=_("Name an empty database, or run `pdca init --upgrade` on an older one of this program."),
                    )
                command.upgrade(configuration(connection), "head")
                if not keep:
                    transaction.rollback()
        finally:
            engine.dispose()
    except DBAPIError as error:
        raise translated(error.orig, database) from error


def configuration(connection: Connection) -> Config:
    """Make the Alembic configuration that runs on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(files("pdca.store") / "migrations"))
    config.attributes["connection"] = connection
    return config
