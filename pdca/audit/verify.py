"""The verifier: reads a log and its tables through a `Reader` and says whether they fit together.

It believes nothing but the bodies. Hostile bytes anywhere are findings, never errors; what the reader itself raises
passes through. It holds the rows that the log adds up to, never the bodies or the tree: how long a log is makes no
difference to the memory it takes.
"""

from collections.abc import Callable, Sequence
from functools import partial

from pdca.audit.checked import CheckedCheckpoints, Held
from pdca.audit.event import EventView
from pdca.audit.findings import Findings, Report, plain
from pdca.audit.fold import Fold
from pdca.audit.heads import Head
from pdca.audit.part import BEFORE_THE_FIRST, LastEvent, Part, Parts, one_after_the_other
from pdca.audit.reader import EventRow, Reader
from pdca.audit.rebuilt_tree import RebuiltTree
from pdca.audit.single import ERASED, SingleEvents, erased_values
from pdca.audit.stretch import stretches
from pdca.audit.tree import leaf_hash
from pdca.audit.trust import keys_named

Progress = Callable[[int], None]
"""Told how many events have been read."""

FINDINGS_KEPT = 1000
TOLD_EVERY = 256
"""So many of the events that are in no stretch are read between one word on progress and the next."""


def verify(
    reader: Reader,
    progress: Progress | None = None,
    *,
    held: Sequence[Held] = (),
    findings_kept: int = FINDINGS_KEPT,
    parts: Parts = one_after_the_other,
) -> Report:
    """Check a whole log and the tables that follow from it, also against the checkpoints that somebody `held`.

    Checked, in this order: every body (canonical, an event, repeated by its columns), its leaf, its place in the tree
    and in its stream, its commitments; the nodes of the tree; the heads of the streams; every row of the tables; the
    triggers; the storage itself, by the database's own means; and, as far as the log goes, every checkpoint: what it
    says of the log, and its signature. What was cut off at the end together with everything that speaks of it shows
    only against a checkpoint kept elsewhere.
    """
    findings = Findings(findings_kept)
    checked = CheckedCheckpoints(findings, reader.checkpoints(), held)
    log = _Log(reader, findings)
    checked.compare(0, log.root, log.heads)
    _read(reader, log, checked, parts, progress or _tell_nobody)
    log.tree.finish()
    log.compare_heads()
    proven = checked.finish(log.tree.leaves, log.named)
    log.compare_erased()
    log.fold.compare()
    present = set(reader.triggers())
    for name in sorted(set(reader.expected_triggers()) - present):
        findings.add("trigger-missing", "A trigger that keeps the log append-only is not there.", f"trigger {name}")
    for words in reader.damage():
        findings.add("storage-damaged", f"The database is damaged: {plain(words)}.", "storage")
    if progress is not None:
        progress(log.rows_read)
    return Report(
        events=log.events,
        leaves=log.tree.leaves,
        unsealed=log.unsealed,
        root=log.tree.root,
        proven=proven,
        erased=log.erased,
        findings=tuple(findings.kept),
        untrusted_keys=checked.untrusted,
        total=findings.total,
    )


def _read(reader: Reader, log: "_Log", checked: CheckedCheckpoints, parts: Parts, progress: Progress) -> None:
    """Read the log, stretch by stretch, and then what is in none."""
    cut = partial(stretches, reader.count_leaves(), checked.sizes)
    for stretch, part in zip(cut(), parts(reader, cut()), strict=True):
        if part is not None and log.fits(part) and not checked.asks_heads(stretch.first, stretch.end):
            for size, root in log.join(part):
                checked.compare(size, partial(str, root), log.heads)
        else:
            for row in reader.sealed(stretch.low, stretch.high):
                log.take(row)
                checked.compare(log.tree.leaves, log.root, log.heads)
        progress(log.rows_read)
    for rows in (reader.stray(), reader.unsealed()):
        for row in rows:
            log.take(row)
            if not log.rows_read % TOLD_EVERY:
                progress(log.rows_read)


def _tell_nobody(_events: int) -> None:
    """Nobody asked how many events have been read."""


class _Log:
    """What has been learnt from the events read so far."""

    def __init__(self, reader: Reader, findings: Findings) -> None:
        self.rows_read = self.events = self.unsealed = 0
        self.tree = RebuiltTree(findings, reader)
        self.fold = Fold(reader, findings)
        self.named: dict[str, int | None] = {}
        self._reader = reader
        self._findings = findings
        self._heads: dict[str, LastEvent] = {}
        self._single = SingleEvents(findings, erased_values(reader))

    @property
    def erased(self) -> int:
        """Count the values that are gone because an event says so."""
        return len(self._single.gone)

    def fits(self, part: Part) -> bool:
        """Tell whether a part goes on from what was read so far."""
        follows = all(
            self._heads.get(stream, BEFORE_THE_FIRST).is_before(seq, prev)
            for stream, (seq, prev) in part.begins.items()
        )
        return follows and self.tree.fits(part.tree) and self.fold.fits(part.fold)

    def join(self, part: Part) -> list[tuple[int, str]]:
        """Take a part, which fits; gives the root in hex at each size of the log that was asked for, and at its end."""
        count = part.tree.end - part.tree.first
        self.rows_read += count
        self.events += count
        self.fold.join(part.fold)
        self._heads |= part.heads
        self._single.gone |= part.gone
        for vkey, size in part.named:
            self.named.setdefault(vkey, size)
        return self.tree.join(part.tree)

    def take(self, row: EventRow) -> None:
        """Check one event by itself and against those before it."""
        self.rows_read += 1
        where = f"event {plain(row.event_id)}"
        body = row.body if type(row.body) is bytes else None
        digest = None if body is None else leaf_hash(body)
        if row.body is None:
            self._findings.add("event-missing", "The tree has a leaf, but its event is gone.", where, row.event_id)
        else:
            self.events += 1
        if row.body is not None and body is None:
            self._findings.add("body-unreadable", "The body is not stored as bytes.", where, row.event_id)
        view = None if body is None else self._single.read(row, body, where)
        self._take_leaf(row, digest, where)
        self._follow(row, view, digest, where)
        if view is not None:
            self._single.compare_columns(row, view, where)
            opened = self._single.open(row, view, where)
            for change in view.changes:
                self.fold.apply(row.event_id, change, opened)
            self._note_keys(row, view)

    def compare_erased(self) -> None:
        """Name what is gone although no event says that it was erased."""
        by_events = self.fold.keys(ERASED)
        for digest, (where, event_id) in list(self._single.gone.items()):
            if (digest,) not in by_events:
                self._single.note_missing(digest, where, event_id)
                del self._single.gone[digest]

    def root(self) -> str | None:
        """Give the root of the leaves as read so far."""
        return self.tree.root

    def heads(self) -> list[Head]:
        """Give the head of every stream as read so far, by the hashes of the bodies."""
        return [
            Head(stream, one.seq, bytes.fromhex(one.hashes[0])) for stream, one in self._heads.items() if one.hashes
        ]

    def compare_heads(self) -> None:
        """Compare the heads that rows carry with the streams as read; every stream has one."""
        headless = dict(self._heads)
        for stream, version, head in self._reader.heads():
            known = headless.pop(stream, None) if type(stream) is str else None
            where = f"stream {plain(stream)}"
            if known is None:
                # A stream without events is at version 0 and has no hash to name.
                if type(version) is not int or version != 0 or head not in (None, ""):
                    self._findings.add("head-unknown", "A head is stored for a stream without events.", where)
            elif type(version) is not int or version != known.seq:
                message = "The stored version is not the number of the stream's last event."
                self._findings.differ("head-differs", message, where, known.seq, version, known.event_id)
            elif head not in known.hashes:
                message = "The stored head is not the hash of the stream's last event."
                self._findings.differ("head-differs", message, where, known.hashes[0], head, known.event_id)
        for stream, known in headless.items():
            message = "No row carries the head of this stream."
            self._findings.add("head-missing", message, f"stream {plain(stream)}", known.event_id)

    def _note_keys(self, row: EventRow, view: EventView) -> None:
        """Note which keys the log names, and since how many events; never since when where the event has no leaf."""
        for vkey in keys_named(view):
            self.named.setdefault(vkey, None if row.leaf_index is None else self.tree.leaves)

    def _take_leaf(self, row: EventRow, digest: bytes | None, where: str) -> None:
        if row.leaf_index is not None or row.leaf_hash is not None:
            self.tree.take(row.leaf_index, row.event_id, row.leaf_hash, digest)
            return
        self.unsealed += 1
        if self._reader.sealed_in_transaction:
            self._findings.add("event-unsealed", "The event has no leaf in the tree.", where, row.event_id)

    def _follow(self, row: EventRow, view: EventView | None, digest: bytes | None, where: str) -> None:
        """Check that the event is the next of its stream, and remember it."""
        different = (digest,) if row.leaf_hash == digest else (digest, row.leaf_hash)
        hashes = tuple(value.hex() for value in different if type(value) is bytes)
        if view is None:
            self._pass_over(row, hashes)
            return
        last = self._heads.get(view.stream, BEFORE_THE_FIRST)
        if view.seq != last.seq + 1:
            message = f"The event is not the next of its stream {plain(view.stream)}."
            self._findings.differ("seq-not-next", message, where, last.seq + 1, view.seq, row.event_id)
        elif last.seq and view.prev not in last.hashes:
            message = f"The event does not follow the event before it in its stream (event {plain(last.event_id)})."
            self._findings.differ("prev-differs", message, where, last.hashes[0], view.prev, row.event_id)
        if view.seq > last.seq:
            self._heads[view.stream] = LastEvent(view.seq, hashes, row.event_id)

    def _pass_over(self, row: EventRow, hashes: tuple[str, ...]) -> None:
        """Believe the columns of an event that cannot be read, so that those after it are not blamed for it."""
        if type(row.stream) is not str or type(row.seq) is not int or not hashes:
            return
        last = self._heads.get(row.stream)
        if row.seq == (last.seq if last else 0) + 1:
            self._heads[row.stream] = LastEvent(row.seq, hashes, row.event_id)
