"""Who acts, and through which entry point."""

from typing import Final, NamedTuple

SCHEDULER: Final = "scheduler"
"""The actor of what the background scheduler does by itself."""

UNKNOWN: Final = "unknown"
"""The actor of what a login tried that no person has."""

AUDITOR: Final = "auditor"
"""The access of who reads the log for others."""

READERS: Final = (AUDITOR, "service")
"""Kinds of access that change no plan."""


class Actor(NamedTuple):
    """Who acts and through which entry point.

    `person_id` is None for the scheduler and for a login that no person has; `access` is the person's access, or
    "service" for the scheduler, or "" for an unknown login. `source` is cli, scheduler, import or simulation.
    `on_behalf_of` is the absent person in whose stead it acts, None when it acts in its own right.
    """

    person_id: str | None
    access: str
    source: str
    login: str | None = None
    on_behalf_of: str | None = None

    @property
    def name_in_log(self) -> str:
        """The actor as the log names it."""
        return self.person_id or (SCHEDULER if self.access == "service" else UNKNOWN)


def login_in_log(login: str | None) -> str:
    """Name in the reason of an event the login of whoever no person is known by; from there it can be erased."""
    return f"login {login}"
