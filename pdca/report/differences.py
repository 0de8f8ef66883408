"""What a plan said on one day and on another, field by field, in the words of its document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from pdca.exchange.exporter import plan_document
from pdca.exchange.plan_records import MEANS
from pdca.store.driver import Connection
from pdca.store.reads import evaluations, plans

_OF_THE_PLAN: Final = ("objective_id", "state", "cycle", "definition", "definition_version", "watch", "watch_again")
_OF_A_MOMENT: Final = ("due_date", "status", "verdict", "findings", "attribution", "deployed")
_NAMED_BY: Final = (("id",), ("party",), ("to", "date"), ("date", "kind"))
"""What tells the entries of a list apart, in the order in which it is tried."""

_MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same: `field` is its path in the document, entries of lists by their names.

    What was `added` has no `before`, what was `removed` no `after`; of what `changed` both are the whole value.
    """

    field: str
    change: Literal["added", "removed", "changed"]
    before: Any = None
    after: Any = None


def differences(old: Connection | None, new: Connection, plan_id: str) -> list[Difference]:
    """List what a plan says otherwise in `new` than in `old`, None for a day on which it was not there yet."""
    before = _said(old, plan_id) if old else {}
    return list(_between("", before, _said(new, plan_id)))


def _said(connection: Connection, plan_id: str) -> dict[str, Any]:
    row = connection.one(plans.PLAN, plan_id=plan_id) or {}
    document: dict[str, Any] = _plain(plan_document(connection, plan_id)["plan"])
    moments = {
        str(moment["evaluation_id"]): {name: moment[name] for name in _OF_A_MOMENT if moment[name] is not None}
        for moment in connection.all(evaluations.OF_PLAN, plan_id=plan_id)
    }
    happened = {name: row[name] for name in _OF_THE_PLAN if row[name] is not None}
    return {**happened, **document, "held": moments}


def _plain(value: Any) -> Any:  # noqa: ANN401 - what a document holds
    """Give a value of a document as JSON; a decimal becomes a text, as everywhere in what the program tells."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return f"{value:f}" if isinstance(value, Decimal) else value


def _between(path: str, old: Any, new: Any) -> Iterator[Difference]:  # noqa: ANN401 - any JSON value
    if old == new:
        return
    before, after = _by_name(old), _by_name(new)
    if before is None or after is None:
        yield Difference(path, "changed", old, new)
        return
    for name in dict.fromkeys((*before, *after)):
        was, became = before.get(name, _MISSING), after.get(name, _MISSING)
        where = f"{path}.{name}" if path else name
        whole = became if was is _MISSING else was
        if _MISSING not in (was, became):
            yield from _between(where, was, became)
        elif not path and _is_made_of_parts(whole):
            yield from _between(where, *({} if one is _MISSING else one for one in (was, became)))
        elif was is _MISSING:
            yield Difference(where, "added", after=became)
        else:
            yield Difference(where, "removed", before=was)
    kept, still = [name for name in before if name in after], [name for name in after if name in before]
    if isinstance(old, list) and kept != still:
        yield Difference(f"{path}.order" if path else "order", "changed", kept, still)


def _by_name(value: Any) -> Mapping[str, Any] | None:  # noqa: ANN401 - any JSON value
    """Give the parts of a mapping, or of a list whose entries have names; None for what has no parts with names."""
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, list):
        return None
    named = {name: entry for entry in value if (name := _name(entry)) is not None}
    return named if len(named) == len(value) else None


def _is_made_of_parts(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a value holds several things that are each worth a difference of their own, such as all activities."""
    parts = _by_name(value)
    return parts is not None and any(isinstance(part, Mapping) for part in parts.values())


def _name(entry: Any) -> str | None:  # noqa: ANN401 - any JSON value
    if isinstance(entry, str):
        return entry
    if not isinstance(entry, Mapping):
        return None
    for keys in _NAMED_BY:
        if all(isinstance(entry.get(key), str) for key in keys):
            return " ".join(entry[key] for key in keys)
    if "year" in entry:
        kind = next((word for word in MEANS if word in entry), "")
        return f"{entry['year']} {kind}"
    return None
