"""What somebody keeps outside the house, checked there: checkpoints, proofs and dossiers, without a database.

What was handed over together is held against each other: a log has one root for each size.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pdca.audit import dossier, proofs
from pdca.audit.canonical import CanonicalError
from pdca.audit.checkpoint import Checkpoint, open_checkpoint
from pdca.audit.dossier import Dossier
from pdca.audit.event import EventView, read_body
from pdca.audit.notes import NoteError, VerifierKey
from pdca.audit.proofs import ConsistencyProof, InclusionProof, is_consistent, root_by_inclusion
from pdca.audit.tree import leaf_hash
from pdca.i18n import _

CHECKPOINT: Final = "checkpoint"
INCLUSION: Final = "inclusion"
CONSISTENCY: Final = "consistency"
DOSSIER: Final = "dossier"


@dataclass(frozen=True, slots=True)
class Kept:
    """One text as it was handed over: `kind` is one of those above, `note` the checkpoint in it."""

    name: str
    kind: str
    note: str
    content: InclusionProof | ConsistencyProof | Dossier | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What one text shows: up to which checkpoint, which events; or in `error` what is wrong with it.

    `old` is the size of the log that a consistency proof begins with; `opened` are the values behind commitments.
    `apart` is the size of the largest checkpoint beside it, when no proof was given that the log only grew until that.
    """

    name: str
    kind: str | None = None
    checkpoint: Checkpoint | None = None
    events: tuple[EventView, ...] = ()
    old: int | None = None
    opened: Mapping[str, str] = field(default_factory=dict)
    error: NoteError | None = None
    apart: int | None = None


def read_kept(name: str, text: str) -> Kept:
    """Read a text by what its first line says that it is; raises NoteError for what is none of them."""
    first = text.partition("\n")[0]
    content: InclusionProof | ConsistencyProof | Dossier
    if first == proofs.HEADER:
        kind, content = INCLUSION, InclusionProof.parse(text)
    elif first == dossier.HEADER:
        kind, content = DOSSIER, Dossier.parse(text)
    elif first.startswith("old "):
        kind, content = CONSISTENCY, ConsistencyProof.parse(text)
    else:
        return Kept(name, CHECKPOINT, text)
    return Kept(name, kind, content.note, content)


def check_kept(
    texts: Iterable[tuple[str, str]], keys: Sequence[VerifierKey], witnesses: Sequence[VerifierKey] = ()
) -> list[Shown]:
    """Check texts, each with its name, by the keys that whoever keeps them trusts, and against each other.

    Every one of `witnesses` has to have cosigned the checkpoint of each.
    """
    read: list[Kept | Shown] = []
    signed: dict[str, Checkpoint] = {}
    for name, text in texts:
        try:
            one = read_kept(name, text)
            signed[name] = open_checkpoint(one.note, keys, witnesses)
        except NoteError as error:
            read.append(Shown(name, error=error))
        else:
            read.append(one)
    return _apart([one if isinstance(one, Shown) else _checked(one, signed[one.name], signed.values()) for one in read])


def _apart(found: list[Shown]) -> list[Shown]:
    """Mark what proofs do not lead from to the largest checkpoint of the same log: a fork has other sizes too."""
    sizes: dict[str, set[int]] = {}
    grew: set[tuple[str, int, int]] = set()
    for one in found:
        if one.checkpoint is not None and one.error is None:
            sizes.setdefault(one.checkpoint.origin, set()).add(one.checkpoint.size)
            if one.old is not None:
                grew.add((one.checkpoint.origin, one.old, one.checkpoint.size))
    # Whatever log there is begins with that of no events.
    joined = {(origin, size) for origin, of_it in sizes.items() for size in (0, max(of_it))}
    for origin, old, size in sorted(grew, reverse=True):
        if (origin, size) in joined:
            joined.add((origin, old))
    return [
        one
        if one.checkpoint is None or one.error or (one.checkpoint.origin, one.checkpoint.size) in joined
        else replace(one, apart=max(sizes[one.checkpoint.origin]))
        for one in found
    ]


def _checked(one: Kept, checkpoint: Checkpoint, others: Iterable[Checkpoint]) -> Shown:
    same_log = [other for other in others if other.origin == checkpoint.origin]
    try:
        contradict(checkpoint, same_log)
        if isinstance(one.content, ConsistencyProof):
            grown(one.content, checkpoint, same_log)
        return show(one, checkpoint)
    except NoteError as error:
        return Shown(one.name, one.kind, checkpoint, error=error)


def show(one: Kept, checkpoint: Checkpoint) -> Shown:
    """Show what a text proves by its checkpoint, which is trusted; raises NoteError where it does not.

    Of a proof that the log only grew that is not looked into: what it begins with is known elsewhere.
    """
    match one.content:
        case InclusionProof() as proof:
            return Shown(one.name, one.kind, checkpoint, (_event(proof, checkpoint),))
        case ConsistencyProof() as proof:
            return Shown(one.name, one.kind, checkpoint, old=proof.old)
        case Dossier() as found:
            events = tuple(found.events(checkpoint))
            opened = {each.digest: each.value for entry in found.entries for each in entry.opened}
            return Shown(one.name, one.kind, checkpoint, events, opened=opened)
        case None:
            return Shown(one.name, one.kind, checkpoint)


def contradict(checkpoint: Checkpoint, same_log: Iterable[Checkpoint]) -> None:
    """Hold a checkpoint to others of its log; raises NoteError where one of as many events says something else."""
    for other in same_log:
        if other.size == checkpoint.size and not _agree(other, checkpoint):
            raise NoteError(
                _("Two checkpoints of %(size)s events contradict each other: the log was forked.")
                % {"size": other.size},
                code="checkpoints-contradict",
            )


def _agree(one: Checkpoint, other: Checkpoint) -> bool:
    heads_agree = None in (one.heads, other.heads) or (one.streams, one.heads) == (other.streams, other.heads)
    return one.root == other.root and heads_agree


def _event(proof: InclusionProof, checkpoint: Checkpoint) -> EventView:
    """Verify an inclusion proof of the event in its extra line, and give the event."""
    if proof.extra is None:
        raise NoteError(_("The proof does not say of what event it is: it has no extra line."), code="proof-differs")
    if root_by_inclusion(proof.index, checkpoint.size, leaf_hash(proof.extra), proof.path) != checkpoint.root:
        raise NoteError(_("The event is not in the log of this checkpoint."), code="proof-differs")
    try:
        return read_body(proof.extra)
    except CanonicalError as error:
        raise NoteError(_("The event of the proof cannot be read."), code="proof-differs") from error


def grown(proof: ConsistencyProof, checkpoint: Checkpoint, same_log: Iterable[Checkpoint]) -> None:
    """Verify a consistency proof against the earlier checkpoint, which has to be among the others."""
    earlier = next((other for other in same_log if other.size == proof.old), None)
    if earlier is None:
        raise NoteError(
            _("The checkpoint of %(size)s events is needed too, signed by the same log.") % {"size": proof.old},
            code="checkpoint-lacking",
        )
    if not is_consistent(earlier.size, checkpoint.size, earlier.root, checkpoint.root, proof.path):
        raise NoteError(_("The log does not go on from the earlier checkpoint."), code="proof-differs")
