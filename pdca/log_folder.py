"""A folder with the whole log and all that is needed to check it, by somebody who has nothing else.

Events, signed checkpoints, the public keys, proofs that the log only grew from each checkpoint to the next, a dossier
of every stream, the page of the format, and `verify.py`, which checks all of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Final

from pdca.errors import Failed
from pdca.proving import EXTENSIONS, Dossiers, prove_growth
from pdca.store.driver import Connection
from pdca.store.reads import checkpoints

EVENTS: Final = "pdca-log.jsonl"
KEYS: Final = "keys.txt"
CHECKPOINT: Final = ".checkpoint"
CHECKPOINTS: Final = "checkpoints"
CONSISTENCY: Final = "consistency"
DOSSIERS: Final = "dossiers"
"""The folders in it: of signed checkpoints, of proofs from each to the next, and of dossiers."""

ENCLOSED: Final = ("verify.py", "log-format.md")
"""What is shipped with the program and goes along as it is."""


@dataclass(frozen=True, slots=True)
class Filled:
    """How many of each are in a folder; `failed` are the proofs that the log does not give."""

    events: int
    checkpoints: int
    dossiers: int
    failed: tuple[str, ...]


def fill(connection: Connection, folder: Path, write_events: Callable[[Path], int]) -> Filled:
    """Fill an empty folder; `write_events` writes the events to a file and counts them."""
    return Filled(write_events(folder / EVENTS), *_lay_beside(connection, folder))


def beside_the_events(connection: Connection, folder: Path) -> tuple[dict[str, Path], tuple[str, ...]]:
    """Fill an empty folder with all but the events; gives the files by their names, and what the log does not prove."""
    _checkpoints, _dossiers, failed = _lay_beside(connection, folder)
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}, failed


def name_of_checkpoint(number: int) -> str:
    """Name the file of a checkpoint."""
    return f"{number:06}{CHECKPOINT}"


def name_of_growth(earlier: int, later: int) -> str:
    """Name the file of the proof that the log only grew between two checkpoints."""
    return f"{earlier:06}-{later:06}{EXTENSIONS['consistency']}"


def name_of_dossier(stream: str) -> str:
    """Name the file of the dossier of a stream."""
    return stream + EXTENSIONS["dossier"]


def _lay_beside(connection: Connection, folder: Path) -> tuple[int, int, tuple[str, ...]]:
    """Write keys, format, verifier, checkpoints, proofs and dossiers; gives what `Filled` says of the last three."""
    _write(folder / KEYS, "".join(f"{row['vkey']}\n" for row in connection.all(checkpoints.KEYS)))
    for name in ENCLOSED:
        _write(folder / name, resources.files("pdca.audit").joinpath("standalone", name).read_text(encoding="utf-8"))
    rows = connection.all(checkpoints.EVERY)
    for row in rows:
        _write(folder / CHECKPOINTS / name_of_checkpoint(row["number"]), row["note"])
    failed = []
    for earlier, later in pairwise(rows):
        name = name_of_growth(earlier["number"], later["number"])
        try:
            _write(folder / CONSISTENCY / name, prove_growth(connection, earlier["note"], later["note"]).text())
        except Failed:
            failed.append(name)
    count, lacking = _lay_dossiers(Dossiers(connection, rows[-1]["note"]), folder / DOSSIERS) if rows else (0, [])
    return len(rows), count, (*failed, *lacking)


def _lay_dossiers(dossiers: Dossiers, folder: Path) -> tuple[int, list[str]]:
    """Write the dossier of every stream; gives how many, and those that the log does not prove."""
    count, failed = 0, []
    for stream in dossiers.streams:
        name = name_of_dossier(stream)
        try:
            _write(folder / name, dossiers.of(stream).text())
            count += 1
        except Failed:
            failed.append(name)
    return count, failed


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
