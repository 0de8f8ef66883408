"""Changing the key of the log: a file and a database that have to agree, whenever it is cut off."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pdca.audit.notes import LOG_SIGNATURE, SigningKey, VerifierKey
from pdca.checkpoints import present_key, sign_state
from pdca.engine import Outcome
from pdca.errors import Failed
from pdca.house import House, installation
from pdca.keys import KeyFile, key_path, new_origin
from pdca.log_keys import ChangeKey


@dataclass(frozen=True, slots=True)
class Changed:
    """The new key, the file that holds its private half, and what came of the command."""

    vkey: str
    file: Path
    outcome: Outcome


def change_key(
    house: House, chosen: Path | None, environ: Mapping[str, str], reason: str, *, dry_run: bool = False
) -> Changed:
    """Make another key, note it in the log, put it in its file, and sign by it and by the one before where it is there.

    The new key stands beside the old one before the log names it: cut off in between, the next signature puts it in
    its place.
    """
    with house.reading() as connection:
        present = present_key(connection)
        body = installation(connection)["organisation_id"]
    origin = VerifierKey.parse(present["vkey"]).name if present else new_origin(body)
    file = KeyFile(key_path(chosen, environ, origin))
    before = _readable(file)
    key = SigningKey.new(origin, LOG_SIGNATURE)
    command = ChangeKey(str(key.verifier), reason)
    if dry_run:
        return Changed(str(key.verifier), file.path, house.apply(command, dry_run=True))
    file.prepare(key)
    outcome = house.apply(command)
    file.take_over()
    with house.writing() as uow:
        sign_state(uow, file, *([before] if before else []))
    return Changed(str(key.verifier), file.path, outcome)


def _readable(file: KeyFile) -> SigningKey | None:
    try:
        return file.read()
    except Failed:
        return None
