"""A disk that a test can fill: a small file system of its own where we may mount one, otherwise a limit on files."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SIZE: Final = 4 * 1024 * 1024
LARGEST_FILE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder on it, and whether it is a file system of its own (otherwise only files of a process are limited)."""

    folder: Path
    own: bool

    def fill(self, pid: int) -> None:
        """Leave no room, also of what was given back since; without a file system of its own, for the process `pid`."""
        if not self.own:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (LARGEST_FILE, resource.RLIM_INFINITY))
            return
        with self._filler.open("ab", buffering=0) as file:
            for size in (4096, 1):
                try:
                    while file.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def empty(self, pid: int) -> None:
        """Make room again."""
        if self.own:
            self._filler.unlink()
        else:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Mount a small file system at `folder`, or give the folder itself where that is not allowed."""
    folder.mkdir()
    size = ["-o", f"size={SIZE}"]
    own = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", *size, "tmpfs", str(folder)],  # noqa: S607 - where it stands differs
            check=False,
            capture_output=True,
        ).returncode
    )
    try:
        yield Disk(folder, own)
    finally:
        if own:
            subprocess.run(["umount", str(folder)], check=True)  # noqa: S607
