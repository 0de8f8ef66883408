"""Putting a file in its place so that it is never seen half written and is there after a power cut, and nothing else.

Only the standard library, for the peers use it as well.
"""

import os
from pathlib import Path


def keep(folder: Path, name: str, content: bytes) -> None:
    """Write the file as our file channel does: its content and its name are on the disk when this returns."""
    partial = folder / f".{name}.partial"
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / name)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep_message(folder: Path, number: int, length: int) -> None:
    """Keep a message of so many bytes."""
    keep(folder, f"{number}.eml", b"x" * length)


def folder_of(place: str, number: int) -> Path:
    """Make the folder of a round."""
    folder = Path(place) / str(number)
    folder.mkdir(parents=True)
    return folder
