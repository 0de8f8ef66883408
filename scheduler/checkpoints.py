"""Signing the log by itself, now and then, on the machine that has its key."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pdca import checkpoints
from pdca.audit.notes import VerifierKey
from pdca.house import House
from pdca.keys import KeyFile, key_path
from pdca.settings_groups import Audit
from pdca.store import eventlog
from pdca.store.driver import Connection
from workflows.instants import from_text


@dataclass(frozen=True, slots=True)
class CheckpointCounts:
    """How many checkpoints were signed; `not_signed` is the code of the error because of which none was."""

    signed: int = 0
    not_signed: str | None = None


def run_once(house: House, settings: Audit, environ: Mapping[str, str] = os.environ) -> CheckpointCounts:
    """Sign the state of the log if it grew, and if the last signature is old enough.

    Nothing is signed where the key is not: one machine of several has it. Raises what `checkpoints.sign_state` does.
    """
    with house.reading() as connection:
        key = checkpoints.present_key(connection)
        file = key and KeyFile(key_path(settings.key_file, environ, VerifierKey.parse(key["vkey"]).name))
        if not file or not file.path.exists() or not _is_due(house, connection, settings.checkpoint_minutes):
            return CheckpointCounts()
    with house.writing() as uow:
        signed = checkpoints.sign_state(uow, file)
    if settings.checkpoint_folder is not None:
        checkpoints.write_to(settings.checkpoint_folder, signed)
    return CheckpointCounts(int(signed.new))


def _is_due(house: House, connection: Connection, minutes: int) -> bool:
    last = checkpoints.latest(connection)
    if last is None:
        return True
    old_enough = house.now(connection) - from_text(last["at"]) >= timedelta(minutes=minutes)
    return old_enough and eventlog.tree_size(connection) > last["size"]
