"""A secret is never a setting: it stands in a file of its own, which others can neither read nor change."""

import os
import stat
from pathlib import Path
from typing import Final

from pdca.errors import Failed, Place
from pdca.i18n import _

LARGEST_SECRET: Final = 64 * 1024
"""Characters; a file of addresses of chat services is one, too."""


def read_secret(path: Path) -> str:
    """Read a secret from its file, without the line end.

    `Failed` when it cannot be read, is empty, or can be read by everybody or changed by others.
    """
    try:
        with path.open(encoding="utf-8") as file:
            _refuse_open(path, os.fstat(file.fileno()).st_mode)
            secret = file.read(LARGEST_SECRET).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or _("it is not text in UTF-8")
        raise Failed(
            "secret-unreadable",
            _("The secret cannot be read: %(reason)s.") % {"reason": reason},
            hint=_("Let the file exist and be readable for the user who runs pdca, and for nobody else."),
            place=Place(file=str(path)),
        ) from error
    if not secret:
        raise Failed(
            "secret-empty",
            _("The file of the secret is empty."),
            hint=_("Write the secret on its first line."),
            place=Place(file=str(path)),
        )
    return secret


def _refuse_open(path: Path, mode: int) -> None:
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise Failed(
            "secret-open",
            _("The file of the secret can be read by everybody on this machine, or changed by others."),
            hint=_("Take that right away: chmod 600 %(file)s") % {"file": path},
            place=Place(file=str(path)),
        )
