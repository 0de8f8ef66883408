"""Telling systemd how the daemon fares: the datagrams of sd_notify(3), to the socket that the service manager names.

`READY=1` once it works, `WATCHDOG=1` after every sweep, `STATUS=` in words, `STOPPING=1`. Where nobody asked for it
(no `NOTIFY_SOCKET`), nothing is said.
"""

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who waits for word of this process; `watchdog_seconds` is how long it waits before it ends a silent one."""

    address: str | None = None
    watchdog_seconds: float | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str], process: int) -> "Supervisor":
        """Read the variables that systemd sets; those of another process, handed down, are not for this one."""
        address = environ.get("NOTIFY_SOCKET") or None
        span, meant = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
        for_us = address is not None and span.isdecimal() and int(span) > 0 and meant in ("", str(process))
        return cls(address, int(span) / _MICROSECONDS if for_us else None)

    def tell(self, *words: str) -> None:
        """Send words such as `READY=1`. That nobody listens, or listens too slowly, is no reason to stop."""
        if self.address is None:
            return
        # A name that begins with @ is in the abstract space, where it begins with a zero byte.
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line, suppress(OSError):
            line.settimeout(0)
            line.connect(address)
            line.send("\n".join(word.replace("\n", " ") for word in words).encode())
