"""A real deliverer in a process of its own: `python -m tests.fault.deliverer URL PORT INSTANT`.

It says `begun` on stdout, delivers by SMTP what is due at that instant, says how many messages something became of, and
ends.
"""

import sys
from typing import Final

from pdca.clock import VirtualClock
from pdca.house import House
from pdca.settings_groups import Smtp
from pdca.store.database import locate
from scheduler.channels.smtp import SmtpChannel
from scheduler.deliver import run_until_done
from workflows.instants import from_text

TIMEOUT_SECONDS: Final = 0.3
SENDER: Final = "Zone Test <pdca@zone.example>"


class ToNobody(SmtpChannel):
    """Mail by SMTP whose server is ours: only a simulated installation, which sends none, has the time we give it."""

    outward = False


def deliver(url: str, port: str, instant: str) -> None:
    """Deliver until nothing is due any more."""
    channel = ToNobody(Smtp("127.0.0.1", int(port), "none", None, None, SENDER), timeout=TIMEOUT_SECONDS)
    house = House(locate(url), source="scheduler", clock=VirtualClock(from_text(instant)))
    say("begun")
    counts = run_until_done(house, lambda _name: channel)
    say("elsewhere" if counts.elsewhere else str(counts.done))


def say(word: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    deliver(*sys.argv[1:])
