"""Every named statement of the program, found by looking into its modules."""

import pkgutil
import re
from collections.abc import Iterable, Iterator
from importlib import import_module

import pdca
import scheduler
from pdca.store.driver import Connection, Dialect, Row, Statement

ON_POSTGRESQL_ONLY = {
    "database_time",
    "end_leases",
    "end_when_silent",
    "next_event",
    "sealer_lock",
    "session_user",
    "try_leases",
}
"""Besides those whose names begin with that of the engine they are for."""

NOT_TO_IMPORT = ("pdca.__main__", "pdca.store.migrations")


def every_statement() -> dict[str, Statement]:
    """Every statement by its name; a name that stands for two texts is an error."""
    found: dict[str, Statement] = {}
    for statement in _everywhere():
        assert found.setdefault(statement.name, statement).sqlite == statement.sqlite, statement.name
    return found


def understood_by(dialect: Dialect) -> dict[str, Statement]:
    """The statements that an engine is given."""
    return {name: one for name, one in every_statement().items() if _engine(name) in (dialect, "")}


def explained(connection: Connection, statement: Statement, how: str = "EXPLAIN") -> list[Row]:
    """Have the engine prepare a statement without running it; every parameter is null."""
    names = re.findall(r"(?<![:\w]):(\w+)", statement.sqlite)
    asked = Statement(f"explain {statement.name}", f"{how} {statement.sqlite}", statement.lock)
    return connection.all(asked, **dict.fromkeys(names))


def _engine(name: str) -> str:
    if name in ON_POSTGRESQL_ONLY:
        return "postgresql"
    return next((engine for engine in ("sqlite", "postgresql") if name.startswith(engine)), "")


def _everywhere() -> Iterator[Statement]:
    for package in (pdca, scheduler):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(NOT_TO_IMPORT):
                yield from _of(vars(import_module(module.name)).values())


def _of(values: Iterable[object]) -> Iterator[Statement]:
    for value in values:
        if isinstance(value, Statement):
            yield value
        elif isinstance(value, dict):
            yield from _of(value.values())
