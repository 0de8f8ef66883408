"""Tampering with one history after the other, and auditing it by what somebody kept outside: what is found, and when.

All in one process, so that ten thousand times take minutes.
"""

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pdca.audit.checked import Held
from pdca.audit.findings import Finding
from pdca.errors import PdcaError
from pdca.keys import KeyFile
from pdca.store.catalogue import FOLDED
from tests.fault import histories
from tests.fault.checkpoint_tampers import OF_THE_CHECKPOINTS
from tests.fault.histories import History, audited, size_of
from tests.fault.insiders import INSIDERS, rewritten
from tests.fault.tampers import OF_THE_LOG, Expected, flipped, insider, of_the_tables

STEPS: Final = 40
"""Things that happen in a history, after each of which it is audited."""

COPIES: Final = 3
COVERED: Final = (*FOLDED, "event", "event_private", "tree_leaf", "tree_node", "checkpoint")
SIGNED: Final = {"checkpoint": "number, size, note"}
"""When a checkpoint was signed is said by its row only, and nothing vouches for that."""


@dataclass(frozen=True, slots=True)
class Tampering:
    """What came of it: the kind, whether it touched what the kept checkpoint speaks of, and whether anything at all."""

    kind: str
    before: bool | None
    changed: bool = True

    def __str__(self) -> str:
        when = {True: "before the checkpoint", False: "after it", None: "anywhere"}[self.before]
        return f"{self.kind}, {when}"


def lived(founded: Path, folder: Path, chance: random.Random, count: Counter[str]) -> History:
    """Let a history happen, audit it after each step by everything that was kept until then, and end it."""
    with histories.beginning(founded, folder, chance) as history:
        for step in range(STEPS):
            history.go_on()
            if step == STEPS // 2:
                history.sign()
            if step % (STEPS // COPIES) == 1:
                history.keep_copy()
            report = audited(history.path, history.held(len(history.notes)))
            assert report.ok, report.findings[:5]
            assert report.proven == (size_of(history.notes[-1]) if history.notes else None)
            count["clean audits"] += 1
    return history


class Case:
    """A history that is over, a checkpoint of it that was kept, and a copy of it to be tampered with."""

    def __init__(self, history: History, chance: random.Random) -> None:
        self.history = history
        self.chance = chance
        self.copy = history.path.with_name("copy.db")

    @cached_property
    def content(self) -> bytes:
        """The file of the database."""
        return self.history.path.read_bytes()

    @cached_property
    def tampers(self) -> Sequence[Callable[[sqlite3.Connection, random.Random], Expected]]:
        """What can be done to it by SQL: the log and its checkpoints as often as all tables together."""
        of_tables = of_the_tables(self.history.path)
        of_log = (*OF_THE_LOG, *OF_THE_CHECKPOINTS)
        return [*of_tables, *(of_log * (len(of_tables) // len(of_log)))]

    def held(self) -> list[Held]:
        """Some of the checkpoints that were kept, from the first on."""
        return self.history.held(self.chance.randint(1, len(self.history.notes)))

    def tamper(self) -> Tampering:
        """Tamper once in one of the ways, and see what the audit says."""
        ways = (self.by_sql, self.by_rewriting, self.by_going_back, self.by_bytes, self.of_a_trigger, self.of_the_kept)
        [way] = self.chance.choices(ways, (8, 4, 2, 3, 1, 2))
        return way()

    def by_sql(self) -> Tampering:
        """One thing is changed by SQL: it is named, whatever was kept."""
        shutil.copyfile(self.history.path, self.copy)
        tamper, held = self.chance.choice(self.tampers), self.held()
        with insider(self.copy) as raw:
            expected = tamper(raw, self.chance)
        findings = audited(self.copy, held).findings
        named = [one for one in (findings[:1] if expected.first else findings) if _fits(expected, one)]
        if not named and stored(self.copy) == stored(self.history.path):
            # Two parts of which everything was erased have changed places.
            return Tampering("nothing changed", None, changed=False)
        assert named, f"{tamper.__name__}: expected {expected}, found {findings[:5]}"
        place = named[0].event_id
        before = None if place is None else place <= size_of(held[-1].note)
        kind = tamper.__name__ if tamper in OF_THE_LOG + OF_THE_CHECKPOINTS else "row or column of a table"
        return Tampering(kind, before)

    def by_rewriting(self) -> Tampering:
        """Everything from one event on is written anew: every checkpoint of more events differs, earlier ones prove."""
        shutil.copyfile(self.history.path, self.copy)
        change, held = self.chance.choice(INSIDERS), self.held()
        with insider(self.copy) as raw:
            unchanged = rewritten(raw, self.chance, self.history.key, change)
        if unchanged is None:
            return Tampering("nothing changed", None, changed=False)
        return self._forked(f"rewritten: {change.__name__}", unchanged, held)

    def by_going_back(self) -> Tampering:
        """A backup is put back and goes on in another way, signed by the same key, which was made to forget."""
        before = self.chance.choice(self.history.before)
        shutil.copyfile(before.path, self.copy)
        key = self.copy.with_suffix(".key")
        shutil.copy(before.key, key)
        key.with_suffix(".key.last").unlink(missing_ok=True)
        with histories.living(self.copy, before.at) as world:
            other = History(world, self.copy, KeyFile(key), self.chance)
            for _ in range(self.chance.randint(0, 3)):
                other.go_on()
        return self._forked("a backup put back", before.events, self.held())

    def by_bytes(self) -> Tampering:
        """One byte of the file is changed: what is stored is the same, or it is found."""
        self.copy.write_bytes(flipped(self.content, self.chance))
        changed = stored(self.copy) != stored(self.history.path)
        try:
            found = not audited(self.copy, self.held()).ok
        except PdcaError:
            # It is no database any more, or one of another schema.
            found = True
        assert found or not changed
        return Tampering(f"byte of the file{'' if changed else ' that says nothing'}", None, changed=changed)

    def of_a_trigger(self) -> Tampering:
        """A trigger is taken off, or says something else."""
        shutil.copyfile(self.history.path, self.copy)
        with closing(sqlite3.connect(self.copy)) as raw:
            triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            name, text = self.chance.choice(triggers)
            raw.execute(f"DROP TRIGGER {name}")
            if self.chance.random() < 0.5:
                raw.execute(text.replace("RAISE(ABORT, '", "RAISE(ABORT, 'perhaps "))
        findings = audited(self.copy, self.held()).findings
        assert [(one.code, one.where) for one in findings] == [("trigger-missing", f"trigger {name}")]
        return Tampering("trigger", None)

    def of_the_kept(self) -> Tampering:
        """The file of the checkpoint that was kept is changed: no note is taken for one that it is not."""
        *_, kept = self.held()
        other = flipped(kept.note.encode(), self.chance).decode(errors="surrogateescape")
        report = audited(self.history.path, [replace(kept, note=other)])
        text, _, signatures = kept.note.partition("\n\n")
        if other.startswith(f"{text}\n\n") and signatures.count("\n") > 1:
            # Of two signatures the one that was left alone vouches for the same text.
            assert report.ok or report.proven == 0
            return Tampering("one of two signatures of the checkpoint that was kept", None)
        assert [one.where for one in report.findings] == [kept.where], report.findings
        assert report.proven == 0
        return Tampering("the checkpoint that was kept", None)

    def _forked(self, kind: str, unchanged: int, held: Sequence[Held]) -> Tampering:
        """Hold a log whose first events only are what they were to all that was kept."""
        report = audited(self.copy, held)
        wrong = {one.where for one in held if size_of(one.note) > unchanged}
        assert {one.where for one in report.findings} == wrong, (kind, unchanged, report.findings)
        assert {one.code for one in report.findings} <= {"checkpoint-differs", "log-shorter"}
        assert report.proven == max((size_of(one.note) for one in held if one.where not in wrong), default=0)
        assert report.ok == (not wrong)
        if report.ok:
            # What comes after is said to be proven by nothing but the house's own word.
            assert report.proven <= unchanged
        return Tampering(kind, bool(wrong))


def stored(path: Path) -> str | list[Any]:
    """Read everything that an audit has to vouch for, each table by itself and without an index; a text if it fails."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
            raw.text_factory = bytes
            rows = (raw.execute(f"SELECT {SIGNED.get(name, '*')} FROM {name} NOT INDEXED") for name in COVERED)  # noqa: S608 - our own names
            tables = [sorted(map(repr, found)) for found in rows]
            triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
            return [*tables, raw.execute(triggers).fetchall()]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return f"{type(error).__name__}: {error}"


def assert_found(counts: Counter[str]) -> None:
    """See that what was to be found out was there to be found, on both sides of the checkpoint."""
    for kind in ("byte of the file, anywhere", "trigger, anywhere", "the checkpoint that was kept, anywhere"):
        assert counts[kind], kind
    for when in ("before the checkpoint", "after it"):
        assert any(kind.endswith(when) and kind.startswith(("rewritten", "a backup")) for kind in counts), when


def _fits(expected: Expected, finding: Finding) -> bool:
    return expected.fits({"code": finding.code, "where": finding.where, "event_id": finding.event_id})
