"""Bringing a document that says what it was made from up to what is there now, before it is taken in.

What others changed meanwhile stays unless the file changed it too; then nothing is taken in, and every such place is
named. A document that does not say what it was made from, or was made in another installation, is taken as it stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final, TypeAlias

from pdca.exchange.as_rows import plain
from pdca.exchange.bases import Past
from pdca.exchange.differences import name_of
from pdca.exchange.document import Document, check_document
from pdca.exchange.exporter import present_document
from pdca.exchange.known import known_in
from pdca.exchange.located import Container, Located, Marks, Path, member_marks, start_of
from pdca.exchange.merging import Clash, Merge, Three, as_ordered, in_order, same
from pdca.exchange.plan_records import Objective, Plan
from pdca.exchange.problems import ImportClash, Problem, field_name, quoted
from pdca.exchange.records import Phenomenon
from pdca.exchange.wording import Data
from pdca.exchange.workbook_kinds import Record
from pdca.exchange.workbook_tidy import tidied
from pdca.i18n import _
from pdca.store.catalogue import INSTALLATION_STREAM
from pdca.store.driver import Connection
from pdca.store.jsontext import to_json
from pdca.store.reads import plans

_APART: Final = ("objectives", "phenomena", "plans", "base")
_LISTED: Final = ("functions", "stakeholders", "people", "indicators")
"""Lists of what belongs to the whole installation: an import removes none of it, so leaving it out says nothing."""


@dataclass(frozen=True, slots=True)
class Rebased:
    """A document to be taken in.

    `exact` are the ids of the plans that it brings to what it says, with what it took away; `unknown` are the streams
    that it changes without a base of which this log has the event, `left_out` the numbers of the plans that it was made
    from and holds no more. `compared` tells whether everything above the plans was compared with what the file was made
    from: then what the document does not hold was taken out of the file.
    """

    document: Document
    exact: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    compared: bool = False


def rebased(connection: Connection, document: Document) -> Rebased:
    """Bring a document up to now.

    Raises ImportClash for what it and others changed, each otherwise, and ImportRefused when it does not fit together
    any more with what others changed.
    """
    if not document.base:
        return Rebased(document)
    past = Past(connection, document.base, document.language)
    made = _Rebasing(connection, document, past)
    value, marks = made.whole()
    if made.clashes:
        raise _clash(made.clashes, past, document.located)
    located = Located(value, document.located.name, marks, document.located.closed)
    named = {made.numbers.get(placed.plan.id) for placed in document.all_plans()}
    return Rebased(
        check_document(located, known_in(connection)),
        frozenset(made.exact),
        made.unknown,
        tuple(name for name in document.base if name in past and name not in {*named, INSTALLATION_STREAM}),
        INSTALLATION_STREAM in past,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A record of a tree, the id of what holds it, and its place in the file."""

    value: Data
    parent: str | None
    marks: Marks
    path: Path


_Parts: TypeAlias = dict[str, _Part]


class _Rebasing:
    def __init__(self, connection: Connection, document: Document, past: Past) -> None:
        self.clashes: list[tuple[str, Clash]] = []
        self.exact: list[str] = []
        self.numbers = {row["slug"]: row["plan_id"] for row in connection.all(plans.PLAN_NAMES)}
        self.past = past
        self.language = document.language
        self.file, self.marks = tidied(document.located.value, document.located.marks)
        programme = document.programme.id if document.programme else None
        self.now = present_document(connection, programme, self.language)
        if not document.located.ordered:
            self.file, self.marks = as_ordered(self.file, self.marks, self.now)
        # Beside what is there now, everything of a file without a base differs only because the file says so.
        compared = INSTALLATION_STREAM in past
        self.base = past.document(programme, self.now) if compared else self.now

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is there already, and could not be compared with what the file was made from."""
        plans_here = (self.numbers.get(slug) for slug in self._held(self.file))
        streams = (INSTALLATION_STREAM if self.now else None, *plans_here)
        return tuple(stream for stream in streams if stream is not None and stream not in self.past)

    def whole(self) -> tuple[Data, Marks]:
        """Give the document as it is to be taken in, with the places in the file."""
        merge = Merge(self.language)
        three = Three(self.base, self.now, self.file)
        own = three.map(lambda one: _only(one, self.file))
        value, marks = merge.record(Document, own, self.marks, (), but=_APART)
        assert isinstance(marks, Container)  # noqa: S101 - a record has the marks of its keys
        plans_held = self._plans()
        for key, record in (("phenomena", Phenomenon), ("objectives", Objective)):
            if key in self.file:
                parts = self._tree(three.map(partial(self._parts, key)), record, key, merge)
                served = plans_held if record is Objective else {}
                value[key], marks.items[key] = _nested(parts, served, key, member_marks(self.marks, key))
        if "plans" in self.file:
            value["plans"], marks.items["plans"] = _listed(plans_held, None, member_marks(self.marks, "plans"))
        self.clashes += [(INSTALLATION_STREAM, clash) for clash in merge.clashes]
        return value, marks

    def _parts(self, key: str, document: Data) -> _Parts:
        marks = member_marks(self.marks, key) if document is self.file else start_of(self.marks)
        return {part.value["id"]: part for part in _walk(document.get(key, ()), key, None, marks, (key,))}

    def _tree(self, three: Three, record: Record, key: str, merge: Merge) -> _Parts:
        """Merge the records of a tree; those that the file does not hold stay."""
        found: _Parts = {}
        for name in in_order(three):
            part: _Part | None = three.file.get(name)
            if part is None:
                if name in three.now:
                    found[name] = three.now[name]
                continue
            forms = three.of(name)
            value, marks = merge.record(record, forms.map(_value), part.marks, part.path, but=(key, "plans"))
            parent, _mark = merge.leaf(forms.map(_parent), part.marks, part.path)
            found[name] = _Part(value, parent, marks, part.path)
        return found

    def _plans(self) -> _Parts:
        file, now = (self._held(one) for one in (self.file, self.now))
        return {slug: self._plan(slug, part, now.get(slug)) for slug, part in file.items()}

    def _held(self, document: Data) -> _Parts:
        """Find the plans of a document: those that stand under the programme itself, and those of its objectives."""
        marks = self.marks if document is self.file else start_of(self.marks)
        holders = (_Part(document, None, marks, ()), *self._parts("objectives", document).values())
        return {
            plan["id"]: _Part(
                plan,
                one.value["id"] if one.path else None,
                member_marks(member_marks(one.marks, "plans"), place),
                (*one.path, "plans", place),
            )
            for one in holders
            for place, plan in enumerate(one.value.get("plans", ()))
        }

    def _plan(self, slug: str, file: _Part, now: _Part | None) -> _Part:
        number = self.numbers.get(slug)
        if now is None or number not in self.past:
            return file
        assert number is not None  # noqa: S101 - it is in the log
        merge = Merge(self.language)
        base, objective = self.past.plan(number, now.value)
        value, marks = merge.record(Plan, Three(base, now.value, file.value), file.marks, file.path)
        parent, _mark = merge.leaf(Three(objective, now.parent, file.parent), file.marks, file.path)
        self.clashes += [(number, clash) for clash in merge.clashes]
        self.exact.append(slug)
        return _Part(value, parent, marks, file.path)


def _only(document: Data, file: Data) -> Data:
    """Leave out of the lists of the whole installation what the file does not hold."""
    ids = {key: {one["id"] for one in file.get(key, ())} for key in _LISTED}
    return {
        key: [one for one in value if one["id"] in ids[key]] if key in ids else value for key, value in document.items()
    }


def _value(part: _Part | None) -> Data | None:
    return part.value if part else None


def _parent(part: _Part | None) -> str | None:
    return part.parent if part else None


def _walk(items: Sequence[Data], key: str, parent: str | None, marks: Marks, path: Path) -> Iterator[_Part]:
    for place, item in enumerate(items):
        own, here = member_marks(marks, place), (*path, place)
        yield _Part(item, parent, own, here)
        yield from _walk(item.get(key, ()), key, item["id"], member_marks(own, key), (*here, key))


def _nested(parts: _Parts, plans: _Parts, key: str, marks: Marks) -> tuple[list[Data], Marks]:
    """Put the records of a tree into each other again, and the plans into their objectives."""

    def under(parent: str | None, marks: Marks) -> tuple[list[Data], Marks]:
        found = Container(start_of(marks))
        values: list[Data] = []
        for name, part in parts.items():
            if (part.parent if part.parent in parts else None) != parent:
                continue
            value = {one: member for one, member in part.value.items() if one not in (key, "plans")}
            own = Container(start_of(part.marks))
            own.items = {**(part.marks.items if isinstance(part.marks, Container) else {})}
            value[key], own.items[key] = under(name, member_marks(part.marks, key))
            if any(plan.parent == name for plan in plans.values()):
                value["plans"], own.items["plans"] = _listed(plans, name, member_marks(part.marks, "plans"))
            found.items[len(values)] = own
            values.append(value)
        return values, found

    return under(None, marks)


def _listed(plans: _Parts, parent: str | None, marks: Marks) -> tuple[list[Data], Marks]:
    """Put the plans of one objective, or of the programme itself, into a list."""
    served = [plan for plan in plans.values() if plan.parent == parent]
    found = Container(start_of(marks))
    found.items = {place: plan.marks for place, plan in enumerate(served)}
    return [plan.value for plan in served], found


def _clash(clashes: Sequence[tuple[str, Clash]], past: Past, located: Located) -> ImportClash:
    streams = list(dict.fromkeys(stream for stream, _one in clashes))
    changed = [asdict(one) for stream in streams for one in past.changers(stream)]
    return ImportClash([_problem(stream, clash, located) for stream, clash in clashes], changed)


def _problem(stream: str, clash: Clash, located: Located) -> Problem:
    words = {"was": _shown(clash.base), "now": _shown(clash.now), "file": _shown(clash.file)}
    record = str(clash.path[-1]) if clash.path else ""
    if isinstance(clash.base, Mapping) and clash.file is None:
        message = _("%(record)s was removed from the file, and others changed of it since: %(fields)s.")
        words |= {"record": _named(clash, record), "fields": _changed(clash.base, clash.now)}
    elif isinstance(clash.base, Mapping) and clash.now is None:
        message = _("%(record)s was removed by others since, and the file changes of it: %(fields)s.")
        words |= {"record": _named(clash, record), "fields": _changed(clash.base, clash.file)}
    elif stream == INSTALLATION_STREAM:
        message = _("It was %(was)s when the file was made, is %(now)s now, and the file says %(file)s.")
    else:
        message = _("%(plan)s: it was %(was)s when the file was made, is %(now)s now, and the file says %(file)s.")
        words["plan"] = stream
    # The rows of a workbook have no path; its sheet and row are in the mark.
    field = field_name(clash.path) if located.ordered else record
    return Problem("changed-meanwhile", message % words, clash.mark.place(located.name, field or None))


def _named(clash: Clash, record: str) -> str:
    return name_of(clash.base) or record


def _changed(base: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    return ", ".join(key for key in dict.fromkeys((*base, *other)) if not same(base.get(key), other.get(key)))


def _shown(value: Any) -> str:  # noqa: ANN401 - a value of a document
    if value is None:
        return _("nothing")
    return f"“{quoted(value if isinstance(value, str) else to_json(plain(value)))}”"
