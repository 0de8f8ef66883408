"""Two machines and the cable between them, each in a network namespace of its own: packets can be lost on the way.

A relay (`tests.fault.relay`) acknowledges what it does not hand on; here nothing is acknowledged, so that the system
has to find out by itself. The namespaces have no names: they are gone with the process that made them.
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Final

PROGRAMS: Final = {"ip": "iproute2", "nsenter": "util-linux", "unshare": "util-linux"}
"""The programs it takes, and the packages of Debian that have them."""

NEAR: Final = "192.0.2.1"
FAR: Final = "192.0.2.2"
NOBODY: Final = "02:00:00:00:00:99"
"""A hardware address that neither end has: what is sent to it is lost."""

_NEW_NETWORK: Final = 0x40000000
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


@cache
def programs_lacking() -> str | None:
    """Tell which programs are not on this machine; None when all are."""
    lacking = {package: name for name, package in PROGRAMS.items() if shutil.which(name) is None}
    if not lacking:
        return None
    return f"no {', '.join(lacking.values())} on this machine (Debian: apt-get install {' '.join(lacking)})"


@cache
def not_allowed() -> str | None:
    """Tell why no cable can be laid although the programs are there; None when one can."""
    trial = ["unshare", "--net", "ip", "link", "add", "near", "type", "veth", "peer", "name", "far"]
    done = subprocess.run(trial, capture_output=True, text=True, check=False)
    return f"this system lets us make no networks: {done.stderr.strip()}" if done.returncode else None


@dataclass(frozen=True, slots=True)
class Cable:
    """Joins the `near` machine and the `far` one; both are open descriptors of their namespaces."""

    near: int
    far: int

    @contextmanager
    def at(self, end: int) -> Iterator[None]:
        """Put this thread, and the processes it starts, on one of the machines; its sockets stay there afterwards."""
        before = _network()
        _move(end)
        try:
            yield
        finally:
            _move(before)
            os.close(before)

    @property
    def far_prefix(self) -> tuple[str, ...]:
        """The program that starts another one on the far machine."""
        return ("nsenter", f"--net={_path(self.far)}")

    def swallow(self, *, answers_only: bool = False) -> None:
        """Lose every packet from now on, or every packet to the far machine."""
        _ip(self.near, "neighbour", "replace", FAR, "lladdr", NOBODY, "dev", "near", "nud", "permanent")
        if not answers_only:
            _ip(self.far, "neighbour", "replace", NEAR, "lladdr", NOBODY, "dev", "far", "nud", "permanent")

    def let_through(self) -> None:
        """Lose none any more."""
        _ip(self.near, "neighbour", "flush", "dev", "near", "nud", "permanent")
        _ip(self.far, "neighbour", "flush", "dev", "far", "nud", "permanent")


@contextmanager
def cable() -> Iterator[Cable]:
    """Make the two machines and lay the cable."""
    home = _network()
    laid = Cable(_new_network(), _new_network())
    _move(home)
    try:
        _ip(laid.near, "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", _path(laid.far))
        for end, name, address in ((laid.near, "near", NEAR), (laid.far, "far", FAR)):
            _ip(end, "link", "set", "lo", "up")
            _ip(end, "address", "add", f"{address}/30", "dev", name)
            _ip(end, "link", "set", name, "up")
        yield laid
    finally:
        for descriptor in (home, laid.near, laid.far):
            os.close(descriptor)


def _network() -> int:
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _new_network() -> int:
    _done(_LIBC.unshare(_NEW_NETWORK))
    return _network()


def _move(network: int) -> None:
    _done(_LIBC.setns(network, _NEW_NETWORK))


def _done(status: int) -> None:
    if status:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _path(descriptor: int) -> str:
    return f"/proc/{os.getpid()}/fd/{descriptor}"


def _ip(network: int, *arguments: str) -> None:
    subprocess.run(["nsenter", f"--net={_path(network)}", "ip", *arguments], check=True)  # noqa: S607 - it differs
