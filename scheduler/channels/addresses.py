"""Which addresses a message may be posted to: what a name means is looked up once, checked, and then connected to."""

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

Address: TypeAlias = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]
"""A family and what `socket.connect` takes."""


class Resolver(Protocol):
    """Gives what a name means, as `socket.getaddrinfo` does."""

    def __call__(self, host: str, port: int, *, type: int) -> list[Any]:  # noqa: A002 - the name that socket has for it
        """Look the name up; raises OSError for one that means nothing."""
        ...


class NotPublic(Exception):
    """A name that means an address inside some walls, so that nothing is posted to it."""


def look_up(
    host: str, port: int, *, public_only: bool, setting: str, resolve: Resolver = socket.getaddrinfo
) -> list[Address]:
    """Give the addresses of a host; `setting` is what says whether only public ones will do.

    Raises NotPublic when any of them is not public and only such will do: a name that means both is a trick. Raises
    OSError when it has none.
    """
    found = resolve(host, port, type=socket.SOCK_STREAM)
    inside = next((str(where[0]) for *_, where in found if not is_public(str(where[0]))), None)
    if public_only and inside is not None:
        message = f"{host} is at {inside}, which is not a public address; see the setting {setting}"
        raise NotPublic(message)
    return [(family, where) for family, *_, where in found]


def is_public(address: str) -> bool:
    """Tell whether an address is one that anybody can reach; one that carries another is as public as that."""
    ip = ipaddress.ip_address(address)
    carried: Sequence[ipaddress.IPv4Address | None] = ()
    if isinstance(ip, ipaddress.IPv6Address):
        carried = (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ()), _translated(ip))
    return (
        all(inner is None or is_public(str(inner)) for inner in carried)
        and (ip.is_global or any(inner is not None for inner in carried))
        and not ip.is_multicast
    )


def connect(addresses: Sequence[Address], timeout: float) -> socket.socket:
    """Connect to the first of the addresses that answers; raises the OSError of the last when none does."""
    error: OSError | None = None
    for family, where in addresses:
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        try:
            connection.connect(where)
        except OSError as refused:
            connection.close()
            error = refused
            continue
        return connection
    raise error or OSError("it has no address")


def _translated(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    # Where there is no IPv4, 64:ff9b::/96 stands for it (RFC 6052).
    if ip not in ipaddress.IPv6Network("64:ff9b::/96"):
        return None
    return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
