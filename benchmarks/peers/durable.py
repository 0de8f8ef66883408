"""A SQLAlchemy engine over a SQLite file, as durable as ours."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event


def durable_engine(file: str | Path) -> Engine:
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def durable(raw: Any, _record: Any) -> None:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")

    return engine
