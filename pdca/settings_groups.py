"""Settings that belong together, each of its type: how mail leaves the house, how the log is signed, and the like.

They are loaded by who asks for them: a command that reads asks for none.
"""

from pathlib import Path
from typing import NamedTuple

from pdca.secret_file import read_secret


class Smtp(NamedTuple):
    """How mail leaves the house; without a host there is no mail."""

    host: str | None
    port: int
    security: str
    user: str | None
    password_file: Path | None
    sender: str | None

    def password(self) -> str | None:
        """Read the password from its file, without the line end; None when no file is named."""
        return None if self.password_file is None else read_secret(self.password_file)


class Audit(NamedTuple):
    """How the log is signed: where its key is, how often at most, and the folder that checkpoints are written to.

    `witness_folder` is where the witness is that cosigns the logs of others. `timestamp_url` is the address of an
    authority that stamps checkpoints; `timestamp_addresses` is public, or any for one inside the house's own walls.
    """

    key_file: Path | None
    checkpoint_minutes: int
    checkpoint_folder: Path | None
    witness_folder: Path | None = None
    timestamp_url: str | None = None
    timestamp_addresses: str = "public"


class Webhook(NamedTuple):
    """To which address messages are posted; `addresses` is public, or any for one inside the house's own walls."""

    url: str | None
    secret_file: Path | None
    security: str
    addresses: str


class Chat(NamedTuple):
    """Where the addresses of chat services stand, each of which is a secret, and which services may be used."""

    urls_file: Path | None
    services: tuple[str, ...]
