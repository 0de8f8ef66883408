"""What an insider with the `sqlite3` shell can do to the stored checkpoints; `tests.fault.tampers` has the rest.

When one was signed is said by its row only, and that the last one is taken out leaves nothing that speaks of it: both
say nothing of the log.
"""

import random
from dataclasses import replace
from typing import Final

from pdca.audit.checkpoint import Checkpoint
from pdca.audit.notes import LOG_SIGNATURE, SigningKey, sign, text_of
from tests.fault.tampers import Expected, Raw, Tamper, flipped


def _checkpoint(raw: Raw, chance: random.Random) -> tuple[int, str]:
    checkpoints: list[tuple[int, str]] = raw.execute("SELECT number, note FROM checkpoint ORDER BY number").fetchall()
    return chance.choice(checkpoints)


def _other_note(raw: Raw, number: int, note: bytes, *codes: str) -> Expected:
    raw.execute("UPDATE checkpoint SET note = CAST(? AS TEXT) WHERE number = ?", (note, number))
    return Expected(frozenset({"checkpoint-unreadable", *codes}), f"checkpoint {number}")


def checkpoint_text(raw: Raw, chance: random.Random) -> Expected:
    """One byte of what a checkpoint says."""
    number, note = _checkpoint(raw, chance)
    text, blank, signatures = note.partition("\n\n")
    other = flipped(text.encode(), chance) + f"{blank}{signatures}".encode()
    codes = ("checkpoint-differs", "heads-differ", "log-shorter", "checkpoint-not-signed")
    return _other_note(raw, number, other, *codes)


def checkpoint_signature(raw: Raw, chance: random.Random) -> Expected:
    """One byte of each signature under a checkpoint: of two, one alone would vouch for it."""
    number, note = _checkpoint(raw, chance)
    text, _, signatures = note.partition("\n\n")
    lines = [b"\xe2\x80\x94 " + flipped(line[2:].encode(), chance) for line in signatures.splitlines()]
    other = text.encode() + b"\n\n" + b"".join(line + b"\n" for line in lines)
    return _other_note(raw, number, other, "checkpoint-not-signed")


def checkpoint_forged(raw: Raw, chance: random.Random) -> Expected:
    """A checkpoint signed by a key that the log never had, in its name; what it says may be right."""
    number, note = _checkpoint(raw, chance)
    said = Checkpoint.parse(text_of(note))
    root = chance.choice([said.root, flipped(said.root, chance)])
    forged = sign(replace(said, root=root).text(), SigningKey(said.origin, LOG_SIGNATURE, chance.randbytes(32)))
    return _other_note(raw, number, forged.encode(), "checkpoint-differs", "checkpoint-not-signed")


def checkpoint_column(raw: Raw, chance: random.Random) -> Expected:
    """The number of a checkpoint, or of how many events it is said to speak."""
    number, _ = _checkpoint(raw, chance)
    if chance.random() < 0.5:
        raw.execute("UPDATE checkpoint SET size = size + 100000 WHERE number = ?", (number,))
        return Expected(frozenset({"column-differs"}), f"checkpoint {number}: size")
    raw.execute("UPDATE checkpoint SET number = number + 100000 WHERE number = ?", (number,))
    return Expected(frozenset({"checkpoint-missing"}), f"checkpoint {number + 100000}")


OF_THE_CHECKPOINTS: Final[tuple[Tamper, ...]] = (
    checkpoint_text,
    checkpoint_signature,
    checkpoint_forged,
    checkpoint_column,
)
