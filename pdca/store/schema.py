"""Making and upgrading the schema; the only module besides the migrations that loads SQLAlchemy and Alembic."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event

from pdca.store.database import Database


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
    """Bring the schema to the newest revision in one transaction; an empty database gets all of it."""
    engine = engine_for(database)
    try:
        with engine.begin() as connection:
            command.upgrade(configuration(connection), "head")
    finally:
        engine.dispose()


def configuration(connection: Connection) -> Config:
    """Make the Alembic configuration that runs on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(files("pdca.store") / "migrations"))
    config.attributes["connection"] = connection
    return config
