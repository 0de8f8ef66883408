"""The body of an event: made from its fields by the write path, and read back by the log and the verifier."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from pdca.audit.canonical import COMMITMENT, CanonicalError, canonical, is_digest, parse

VERSION: Final = 1
SOURCES: Final = ("cli", "scheduler", "import", "simulation")
"""The entry points through which something can be changed."""

REFUSED: Final = ".refused"
"""So ends the kind of every event that keeps a refused attempt."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_CHANGE = frozenset({"op", "table", "key", "set"})
_PLAIN: Final = (str, int, NoneType)


class BodyError(CanonicalError):
    """A body that is canonical JSON but not an event."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not-an-event")


class Commitment(NamedTuple):
    """What stands in the log for an erasable value: `digest` is hex of SHA-256(salt || canonical JSON)."""

    digest: str


Value: TypeAlias = str | int | Commitment | None
"""What a column of a change can hold."""


class LoggedChange(NamedTuple):
    """One row written by an event: `key` its primary key, `values` the columns set (none for a delete)."""

    op: Literal["insert", "update", "delete"]
    table: str
    key: Mapping[str, str | int]
    values: Mapping[str, Value]


REPEATED: Final = ("stream", "seq", "at", "kind", "plan", "trigger", "from", "to", "actor", "source")
EXPORTED: Final = ("event", "leaf_index", "leaf_hash", *REPEATED, "body")
"""What a line of an export has; of it, `REPEATED` says what the body says too."""


class EventView(NamedTuple):
    """An event as its body tells it.

    `seq` counts from 1 in its stream and `prev` is the leaf hash of the body before it, None for the first. `at` is
    when it was written, `due_at` when the scheduler should have acted (both UTC); `key` is unique in the whole log.
    `refused` holds the codes of the unmet needs of a refused attempt, None for what was done.
    """

    stream: str
    seq: int
    prev: str | None
    kind: str
    at: str
    actor: str
    on_behalf_of: str | None
    source: str
    plan: str | None
    trigger: str | None
    from_state: str | None
    to_state: str | None
    evaluation: str | None
    reason: Commitment | None
    refused: tuple[str, ...] | None
    key: str | None
    due_at: str | None
    changes: tuple[LoggedChange, ...]

    @property
    def commitments(self) -> tuple[str, ...]:
        """The digests of every erasable value of the event, the reason first."""
        values = (self.reason, *(value for change in self.changes for value in change.values.values()))
        return tuple(value.digest for value in values if isinstance(value, Commitment))


def build_body(  # noqa: PLR0913 - one argument per member of the body
    *,
    stream: str,
    seq: int,
    prev: str | None,
    kind: str,
    at: str,
    actor: str,
    source: str,
    on_behalf_of: str | None = None,
    plan: str | None = None,
    trigger: str | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    evaluation: str | None = None,
    reason: Mapping[str, str] | None = None,
    refused: Sequence[str] | None = None,
    key: str | None = None,
    due_at: str | None = None,
    changes: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """Return the bytes of an event, as they are stored and hashed; fields as in `EventView`.

    `reason` and the values of committed columns are commitments already (`canonical.seal_values`). Raises
    CanonicalError for what cannot be logged, BodyError for what would not be read back as an event.
    """
    body: dict[str, object] = {
        "v": VERSION,
        "stream": stream,
        "seq": seq,
        "prev": prev,
        "kind": kind,
        "at": at,
        "actor": actor,
        "on_behalf_of": on_behalf_of,
        "source": source,
        "plan": plan,
        "trigger": trigger,
        "from": from_state,
        "to": to_state,
        "evaluation": evaluation,
        "reason": None if reason is None else dict(reason),
        "refused": None if refused is None else list(refused),
        "key": key,
        "due_at": due_at,
        "changes": [dict(change) for change in changes],
    }
    _view(body)
    return canonical(body)


def read_body(body: bytes) -> EventView:
    """Return the event that a stored body tells.

    Raises CanonicalError when the bytes are not canonical JSON, BodyError when they are not an event.
    """
    return _view(parse(body))


def _view(body: object) -> EventView:
    if not isinstance(body, dict) or body.keys() != _MEMBERS.keys():
        raise BodyError("The body does not have exactly the members of an event.")
    for name, (fits, words) in _MEMBERS.items():
        if not fits(body[name]):
            raise BodyError(f"Member “{name}” is not {words}.")
    if (body["prev"] is None) != (body["seq"] == 1):
        raise BodyError("Only the first event of a stream has no previous one.")
    return EventView(
        stream=body["stream"],
        seq=body["seq"],
        prev=body["prev"],
        kind=body["kind"],
        at=body["at"],
        actor=body["actor"],
        on_behalf_of=body["on_behalf_of"],
        source=body["source"],
        plan=body["plan"],
        trigger=body["trigger"],
        from_state=body["from"],
        to_state=body["to"],
        evaluation=body["evaluation"],
        reason=None if body["reason"] is None else Commitment(body["reason"][COMMITMENT]),
        refused=None if body["refused"] is None else tuple(body["refused"]),
        key=body["key"],
        due_at=body["due_at"],
        changes=tuple(_change(change) for change in body["changes"]),
    )


def _change(change: object) -> LoggedChange:
    if not isinstance(change, dict) or change.keys() != _CHANGE:
        raise BodyError("A change does not have exactly the members op, table, key and set.")
    op, table, key, values = change["op"], change["table"], change["key"], change["set"]
    if op not in ("insert", "update", "delete") or not _is_text(table):
        raise BodyError("A change is not the insert, update or delete of a row of a table.")
    if not isinstance(key, dict) or not key or not all(type(part) in (str, int) for part in key.values()):
        raise BodyError("The key of a change is not made of texts and integers.")
    if not isinstance(values, dict) or (op == "delete" and values):
        raise BodyError("The values of a change are not columns, or those of a delete are not empty.")
    read = {name: value if isinstance(value, _PLAIN) else _committed(value) for name, value in values.items()}
    return LoggedChange(op, table, key, read)


def _committed(value: object) -> Commitment:
    if isinstance(value, dict) and _is_commitment(value):
        return Commitment(value[COMMITMENT])
    raise BodyError("A value of a change is not a text, an integer, null or a commitment.")


def _is_text(value: object) -> bool:
    return type(value) is str and value != ""


def _is_stream(value: object) -> bool:
    """A stream stands on lines of its own in a head and in a dossier."""
    return type(value) is str and min(value, default="") > " "


def _is_text_or_null(value: object) -> bool:
    return value is None or _is_text(value)


def _is_instant(value: object) -> bool:
    return type(value) is str and _INSTANT.fullmatch(value) is not None


def _is_commitment(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {COMMITMENT} and is_digest(value[COMMITMENT])


_TEXT = (_is_text, "a text")
_TEXT_OR_NULL = (_is_text_or_null, "a text or null")
_MEMBERS: dict[str, tuple[Callable[[object], bool], str]] = {
    "v": (lambda value: type(value) is int and value == VERSION, f"{VERSION}, the version this program reads"),
    "stream": (_is_stream, "a text without spaces"),
    "seq": (lambda value: type(value) is int and value >= 1, "an integer from 1"),
    "prev": (lambda value: value is None or is_digest(value), "a hash or null"),
    "kind": _TEXT,
    "at": (_is_instant, "an instant in UTC"),
    "actor": _TEXT,
    "on_behalf_of": _TEXT_OR_NULL,
    "source": (lambda value: value in SOURCES, f"one of {', '.join(SOURCES)}"),
    "plan": _TEXT_OR_NULL,
    "trigger": _TEXT_OR_NULL,
    "from": _TEXT_OR_NULL,
    "to": _TEXT_OR_NULL,
    "evaluation": _TEXT_OR_NULL,
    "reason": (lambda value: value is None or _is_commitment(value), "a commitment or null"),
    "refused": (lambda value: value is None or (type(value) is list and all(map(_is_text, value))), "a list of codes"),
    "key": _TEXT_OR_NULL,
    "due_at": (lambda value: value is None or _is_instant(value), "an instant in UTC or null"),
    "changes": (lambda value: type(value) is list, "a list"),
}
