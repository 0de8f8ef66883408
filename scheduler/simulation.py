"""Letting time pass over a simulated database: the real sweep, deliverer and sealer, driven by a virtual clock.

Time jumps from one instant at which something happens to the next: a deadline, a message to be sent again, or what a
scripted person does. Nothing here decides anything; it only moves the clock.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pdca.clock import VirtualClock
from pdca.errors import Refused, Usage
from pdca.house import House, installation
from pdca.i18n import _
from pdca.store.driver import Connection
from pdca.store.reads import notifications
from scheduler import deliver, inform, seal, sweep
from scheduler.channels import Channel
from workflows.instants import from_text


class Cast(Protocol):
    """Scripted people who act in a simulation."""

    def next_act(self, connection: Connection, now: datetime) -> datetime | None:
        """Tell when somebody will act next; None when nobody will."""
        ...

    def act(self, house: House, now: datetime) -> None:
        """Do what is to be done at `now`."""
        ...


class NobodyActs:
    """A cast without people: what falls due is enforced, and nobody answers."""

    def next_act(self, connection: Connection, now: datetime) -> datetime | None:  # noqa: ARG002 - the protocol's
        """Nobody will act."""
        return None

    def act(self, house: House, now: datetime) -> None:
        """Nobody acts."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What happened meanwhile: instants visited, deadlines enforced and set aside, messages delivered."""

    instants: int = 0
    enforced: int = 0
    set_aside: int = 0
    delivered: int = 0

    def plus(self, swept: sweep.SweepCounts, sent: int) -> "Passed":
        """Add one instant."""
        return Passed(
            self.instants + 1,
            self.enforced + swept.enforced,
            self.set_aside + swept.set_aside,
            self.delivered + sent,
        )


def play(
    house: House,
    until: datetime,
    channel: Channel | None,
    cast: Cast | None = None,
    progress: Callable[[datetime], None] = lambda _now: None,
    signing: Callable[[House], object] = lambda _house: None,
    folder: Path | None = None,
) -> Passed:
    """Let time pass until `until`; afterwards the installation's time stands there, or at its last event.

    All messages go by the `channel`, whatever theirs is; without one they stay in the outbox. `signing` signs the log
    before they go. Letters and pages that were approved are written into the `folder`; without one they stay approved.
    Raises Refused for a database that is not simulated, Usage when `until` lies before its time.
    """
    acting = cast or NobodyActs()
    clock = VirtualClock(_time_of(house, until))
    house = replace(house, clock=clock, pretended_now=None)
    passed = Passed()
    while True:
        acting.act(house, clock.now())
        swept = sweep.run_once(house)
        seal.run_once(house)
        signing(house)
        passed = passed.plus(swept, _delivered(house, channel, folder))
        progress(clock.now())
        following = _next_instant(house, acting, clock.now(), retrying=channel is not None)
        if following is None or following > until:
            clock.advance_to(until)
            progress(until)
            return passed
        clock.advance_to(following)


def _delivered(house: House, channel: Channel | None, folder: Path | None) -> int:
    if channel is None:
        return 0
    sent = deliver.run_until_done(house, lambda _name: channel).sent
    if folder is not None:
        inform.run_once(house, folder, lambda _name: channel)
    elif sent:
        inform.confirm(house)
    return sent


def _time_of(house: House, until: datetime) -> datetime:
    with house.reading() as connection:
        if not installation(connection)["simulated"]:
            raise Refused(
                "not-simulated",
                _("Time passes by itself on a real database; only a simulated one lets it be moved."),
                hint=_("Make one with `pdca init --simulated`, and import the plans into it."),
            )
        now = house.now(connection)
    if until < now:
        raise Usage(
            "time-runs-back",
            _("It is %(now)s there already, after %(until)s.")
            % {"now": f"{now:%Y-%m-%d %H:%M}", "until": f"{until:%Y-%m-%d %H:%M}"},
            hint=_("Choose a later date; a log does not run back."),
        )
    return now


def _next_instant(house: House, cast: Cast, now: datetime, *, retrying: bool) -> datetime | None:
    with house.reading() as connection:
        retry = connection.value(notifications.NEXT_ATTEMPT) if retrying else None
        candidates = [
            sweep.next_due(connection),
            from_text(retry) if retry else None,
            cast.next_act(connection, now),
        ]
    coming = [instant for instant in candidates if instant is not None]
    # What is already due but was left (a deadline of a plan that is locked) must not stop the clock.
    later = [instant for instant in coming if instant > now]
    return min(later, default=None)
