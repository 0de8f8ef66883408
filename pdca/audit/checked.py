"""Holding the log to its checkpoints: those that are stored beside it, and those that somebody kept elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pdca.audit.checkpoint import NOT_COSIGNED, Checkpoint, open_checkpoint
from pdca.audit.findings import Findings, plain
from pdca.audit.heads import Head, root_of_heads
from pdca.audit.notes import NoteError, VerifierKey, text_of
from pdca.audit.trust import Named, believe, covered, not_believed


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint that was kept outside the house: `where` says what it is called in a finding.

    `keys` are those that its holder trusts, and with them those that they vouch for; without any it has to be signed by
    a key of the log that a checkpoint covers. Every one of `witnesses` has to have cosigned it.
    """

    where: str
    note: str
    keys: tuple[VerifierKey, ...] = ()
    witnesses: tuple[VerifierKey, ...] = ()


@dataclass(frozen=True, slots=True)
class _Claim:
    held: Held
    checkpoint: Checkpoint
    stored: bool


class CheckedCheckpoints:
    """Compares each checkpoint with the log when as many leaves were read as it speaks of.

    What they say of the heads of the streams is compared for those that were held, and for the last stored one: that
    takes as long as there are streams. `untrusted` are, in the end, the keys of the log for which nothing vouches that
    a key of the holder signed or, where there is none, the first key of the log.
    """

    def __init__(
        self, findings: Findings, stored: Iterable[tuple[object, object, object]], held: Sequence[Held]
    ) -> None:
        self._findings = findings
        self._claims: dict[int, list[_Claim]] = defaultdict(list)
        self._right: list[_Claim] = []
        self._held_any = bool(held)
        self._trusted = tuple(dict.fromkeys(key for one in held for key in one.keys))
        self.untrusted: tuple[str, ...] = ()
        self._last = None
        for expected, (number, size, note) in enumerate(stored, start=1):
            self._last = self._take_stored(expected, number, size, note)
        for one in held:
            self._take(one, stored=False)
        claims = (one for of_size in self._claims.values() for one in of_size)
        self._heads_asked = {one.checkpoint.size for one in claims if self._asks_heads(one)}

    @property
    def sizes(self) -> list[int]:
        """The sizes of the log of which something is said, in order."""
        return sorted(self._claims)

    def asks_heads(self, first: int, end: int) -> bool:
        """Tell whether the heads are asked for at a size after `first` and before `end`."""
        return any(first < size < end for size in self._heads_asked)

    def compare(self, leaves: int, root: Callable[[], str | None], heads: Callable[[], Iterable[Head]]) -> None:
        """Compare what is said of so many leaves with their root in hex, None when there is none."""
        for claim in self._claims.pop(leaves, ()):
            said, found = claim.checkpoint.root.hex(), root()
            if found != said:
                message = "The first events of the log are not those of this checkpoint."
                self._findings.differ("checkpoint-differs", message, claim.held.where, said, found)
            elif self._heads_fit(claim, heads):
                self._right.append(claim)

    def finish(self, leaves: int, named: Named) -> int | None:
        """Check the signatures by the keys that the log names, and what is said of more events than there are.

        Returns how many events are proven by a checkpoint that was held, None when none was.
        """
        for size in sorted(self._claims):
            for claim in self._claims[size]:
                message = "The log has fewer events than this checkpoint speaks of."
                self._findings.differ("log-shorter", message, claim.held.where, size, leaves)
        right = [(claim.checkpoint.size, claim.held.note) for claim in self._right]
        keys = covered(named, max((size for size, _note in right), default=0))
        believed, _size = believe(named, right, self._trusted or covered(named, leaves)[:1])
        self.untrusted = not_believed(named, believed)
        vouched = {held: believe(named, right, held)[0] for held in {claim.held.keys for claim in self._right} if held}
        signed = [claim for claim in self._right if self._is_signed(claim, vouched.get(claim.held.keys, keys))]
        if not self._held_any:
            return None
        return max((claim.checkpoint.size for claim in signed if not claim.stored), default=0)

    def _take_stored(self, expected: int, number: object, size: object, note: object) -> _Claim | None:
        where = f"checkpoint {plain(number)}"
        if type(number) is not int or number != expected:
            message = "The stored checkpoints are not numbered without gaps."
            self._findings.differ("checkpoint-missing", message, where, expected, number)
        claim = self._take(Held(where, note if type(note) is str else ""), stored=True)
        if claim is not None and (type(size) is not int or size != claim.checkpoint.size):
            message = "Column size does not repeat the note."
            self._findings.differ("column-differs", message, f"{where}: size", claim.checkpoint.size, size)
        return claim

    def _take(self, held: Held, *, stored: bool) -> _Claim | None:
        try:
            claim = _Claim(held, Checkpoint.parse(text_of(held.note)), stored)
        except NoteError as error:
            self._findings.add("checkpoint-unreadable", error.message, held.where)
            return None
        self._claims[claim.checkpoint.size].append(claim)
        return claim

    def _asks_heads(self, claim: _Claim) -> bool:
        return claim.checkpoint.heads is not None and (not claim.stored or claim is self._last)

    def _heads_fit(self, claim: _Claim, heads: Callable[[], Iterable[Head]]) -> bool:
        said = (claim.checkpoint.streams, claim.checkpoint.heads)
        if not self._asks_heads(claim):
            return True
        streams, root = root_of_heads(heads())
        if (streams, root) == said:
            return True
        message = "The last events of the streams are not those of this checkpoint."
        self._findings.differ("heads-differ", message, claim.held.where, claim.checkpoint.heads, root)
        return False

    def _is_signed(self, claim: _Claim, keys: Sequence[VerifierKey]) -> bool:
        try:
            open_checkpoint(claim.held.note, keys, claim.held.witnesses)
        except NoteError as error:
            code = NOT_COSIGNED if error.code == NOT_COSIGNED else "checkpoint-not-signed"
            self._findings.add(code, error.message, claim.held.where)
            return False
        return True
