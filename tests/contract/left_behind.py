"""What is left in the bytes of a database: its file and write-ahead log, or the files of the server."""

from collections.abc import Iterable
from pathlib import Path

from pdca.store.driver import Statement
from tests.contract.world import World


def found_in_bytes(world: World, needles: Iterable[bytes], *folders: Path) -> set[bytes]:
    """Give those needles that stand anywhere in the files of the database, or in those of the folders."""
    if world.reading.dialect == "postgresql":
        world.reading.run(Statement("to_disk", "CHECKPOINT"))
    paths = [*_of_database(world), *(path for folder in folders for path in folder.rglob("*"))]
    everything = b"".join(path.read_bytes() for path in paths if path.is_file())
    return {needle for needle in needles if needle in everything}


def _of_database(world: World) -> list[Path]:
    if world.house.database.path is not None:
        path = Path(world.house.database.path)
        return list(path.parent.glob(f"{path.name}*"))
    folder = world.reading.value(Statement("folder", "SELECT current_setting('data_directory') AS folder"))
    number = world.reading.value(Statement("oid", "SELECT oid FROM pg_database WHERE datname = current_database()"))
    return list(Path(folder, "base", str(number)).iterdir())
