"""Whether `requirements.lock` was made from the dependencies that `pyproject.toml` names now, without a network.

The lock's header records a digest of every table that decides what is installed. `./dev lock` writes it
(`python -m tests.lock header`), `./dev check` compares it (`python -m tests.lock check`).
"""

import hashlib
import json
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
_MARK = "# dependencies: sha256:"


def digest(pyproject: str) -> str:
    """Return the hexadecimal SHA-256 over what `pyproject` (TOML) says of Python versions and dependencies."""
    document = tomllib.loads(pyproject)
    project = document["project"]
    deciding = [
        document["build-system"]["requires"],
        project["requires-python"],
        project["dependencies"],
        project.get("optional-dependencies", {}),
        document.get("dependency-groups", {}),
    ]
    return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()


def header(pyproject: str) -> str:
    """Return the comment that opens a lock made from `pyproject`."""
    return (
        "# Every package of the environment, for every platform and with its hashes. Written by `./dev lock`.\n"
        f"{_MARK}{digest(pyproject)}\n"
    )


def drifted(pyproject: str, lock: str) -> bool:
    """Tell whether `lock` was made from other dependencies than those of `pyproject`."""
    return not lock.startswith(header(pyproject))


def main(verb: str) -> str | None:
    """Run one verb in the project's folder; the return value is for `sys.exit`: None or what is wrong."""
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    if verb == "header":
        sys.stdout.write(header(pyproject))
    elif drifted(pyproject, (ROOT / "requirements.lock").read_text(encoding="utf-8")):
        return "requirements.lock was made from other dependencies than pyproject.toml names: run ./dev lock"
    else:
        sys.stdout.write("requirements.lock belongs to pyproject.toml\n")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
