"""A real SMTP server in a process of its own that often does not do what it is asked.

`python -m tests.fault.mail_process JOURNAL SEED` says its port on stdout and runs until its input ends. The local part
of an address says how its messages fare: `never-…` is refused for good, half at the recipient and half at the text;
what becomes of any other is drawn anew at each attempt. What it has taken, whether or not it could say so, is a line of
the journal: recipient, Message-ID, and the hash of the bytes.
"""

import asyncio
import email
import hashlib
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Final, TextIO

from aiosmtpd.smtp import SMTP, Envelope, Session

NEVER: Final = "never"
FATES: Final = {
    "rcpt-451": 0.10,
    "data-452": 0.10,
    "drop-before-dot": 0.01,
    "drop-after-dot": 0.01,
    "hang": 0.002,
    "hang-after-dot": 0.002,
}
"""The chance of each at one attempt; otherwise the message is taken."""


class Taking:
    """What a message meets; aiosmtpd calls the methods by name."""

    def __init__(self, journal: TextIO, seed: str) -> None:
        self._journal = journal
        self._seed = seed
        self._attempts: Counter[str] = Counter()

    def fate(self, recipient: str) -> str:
        """Draw what becomes of this attempt."""
        drawn = random.Random(f"{self._seed}/{recipient}/{self._attempts[recipient]}").random()  # noqa: S311 - no secret
        if recipient.startswith(NEVER):
            return "rcpt-550" if recipient < f"{NEVER}-5" else "data-554"
        for name, share in FATES.items():
            drawn -= share
            if drawn < 0:
                return name
        return "taken"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        del server, session, rcpt_options
        self._attempts[address] += 1
        match self.fate(address).split("-"):
            case ["rcpt", code]:
                return f"{code} Not this one"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session
        [recipient] = envelope.rcpt_tos
        fate = self.fate(recipient)
        match fate.split("-"):
            case ["data", code]:
                return f"{code} Not this text"
            case ["hang"]:
                await asyncio.Event().wait()
        content = envelope.original_content
        assert isinstance(content, bytes)
        identity = email.message_from_bytes(content)["Message-ID"]
        self._journal.write(f"{recipient}\t{identity}\t{hashlib.sha256(content).hexdigest()}\n")
        self._journal.flush()
        if fate == "hang-after-dot":
            await asyncio.Event().wait()
        if fate == "drop-after-dot":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            await asyncio.Event().wait()
        return "250 2.0.0 OK"


class Dropping(SMTP):
    """One that breaks off in the middle of some texts."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Take the text, or a line of it and then leave."""
        assert isinstance(self.event_handler, Taking)
        recipients = self.envelope.rcpt_tos if self.envelope else []
        if recipients and self.event_handler.fate(recipients[0]) == "drop-before-dot":
            await self.push("354 Go on")
            assert self._reader is not None
            await self._reader.readline()
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


async def serve(journal: Path, seed: str) -> None:
    """Run until the input ends."""
    loop = asyncio.get_running_loop()
    with journal.open("a", encoding="utf-8") as lines:
        taking = Taking(lines, seed)
        server = await loop.create_server(lambda: Dropping(taking, loop=loop, ident="test"), "127.0.0.1", 0)
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await loop.run_in_executor(None, sys.stdin.read)
        server.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2]))
