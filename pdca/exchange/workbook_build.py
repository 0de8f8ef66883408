"""From the rows of all sheets to one document: each record is put under the one that its row names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from pdca.exchange.activity_records import MEANS, Means
from pdca.exchange.located import Container, Mark, Marks, start_of
from pdca.exchange.problems import quoted
from pdca.exchange.raw import ID_TWICE
from pdca.exchange.workbook_layout import AMOUNT, AMOUNT_KIND, INSIDE, NOUNS, PLANS, Column, Keys, Section, root, sheets
from pdca.exchange.workbook_marks import CellMark, Findings, did_you_mean
from pdca.exchange.workbook_sheet import EMPTY_CELL, Entry
from pdca.i18n import N_, _

_NO_SUCH: Final = {
    "party": N_("There is no party “%(name)s” on the sheet %(sheet)s."),
    "person": N_("There is no person “%(name)s” on the sheet %(sheet)s."),
    "programme": N_("There is no programme “%(name)s” on the sheet %(sheet)s."),
    "indicator": N_("There is no indicator “%(name)s” on the sheet %(sheet)s."),
    "objective": N_("There is no objective “%(name)s” on the sheet %(sheet)s."),
    "plan": N_("There is no plan “%(name)s” on the sheet %(sheet)s."),
    "activity": N_("There is no activity “%(name)s” on the sheet %(sheet)s."),
    "evaluation": N_("There is no evaluation “%(name)s” on the sheet %(sheet)s."),
}
_NOT_HERE: Final[Mapping[Keys, str]] = {
    ("objectives",): N_("There is no objective “%(name)s” on this sheet."),
    ("phenomena",): N_("There is no phenomenon “%(name)s” on this sheet."),
}


class Node(NamedTuple):
    """A mapping of the document and the marks of what is in it."""

    value: dict[str, Any]
    marks: Container


_Names = tuple[Any, ...]


class Builder:
    """Puts the records of a workbook together; what cannot be placed is a problem among the findings."""

    def __init__(self, entries: Iterable[Entry], findings: Findings) -> None:
        self.findings = findings
        self.entries: dict[Section, list[Entry]] = defaultdict(list)
        for entry in entries:
            self.entries[entry.section].append(entry)

    def build(self, whole: Node) -> None:
        """Put all records into a document that holds its settings only."""
        self._whole = whole
        for section in root().below:
            self._fill(section, {(): whole})

    def _fill(self, section: Section, above: Mapping[_Names, Node]) -> None:
        """Put the records of a section under those above, and then the ones below under them."""
        index: dict[_Names, Node] = {}
        inside: list[tuple[Entry, Node]] = []
        seen: dict[str, Mark] = {}
        for entry in self.entries[section]:
            parent = self._parent(section, entry, above)
            if not self._complete(section, entry):
                continue
            node = self._record(section, entry)
            names = tuple(entry.values.get(column.header) for column in section.naming)
            if section.inside is not None and names in index:
                self._refuse_twin(entry, index[names])
            elif section.inside is not None and INSIDE in entry.values:
                inside.append((entry, node))
            elif parent is not None:
                self._put(section, entry, node, parent)
            # Also what could not be placed is known to the rows below it, which are not to blame.
            index.setdefault(names, node)
            self._note_twins(section, entry, seen)
        self._put_inside(section, inside, index)
        for lower in section.below:
            self._fill(lower, index)

    def _parent(self, section: Section, entry: Entry, above: Mapping[_Names, Node]) -> Node | None:
        names = tuple(entry.values.get(column.header) for column in section.above)
        if section.path == PLANS and names == (None,):
            # Without an objective it stands under the programme itself, in the list of the same key.
            return self._whole
        if names in above:
            return above[names]
        if not section.above:
            message = _("There is nothing on the sheet %(sheet)s that this could belong to.")
            message %= {"sheet": _sheet_above(section)}
            self.findings.refuse(entry.at, "import-unknown-reference", message, _("Fill that sheet first."))
            return None
        if not self._filled(section.above, entry):
            return None
        noun = NOUNS[section.path[: len(section.path) - len(section.within)]]
        known = ["/".join(str(name) for name in names) for names in above]
        word = "/".join(str(name) for name in names)
        message = _(_NO_SUCH[noun]) % {"name": quoted(word), "sheet": _sheet_above(section)}
        hint = did_you_mean(word, known, _("Add it there, or correct the name here."))
        self.findings.refuse(start_of(entry.marks[section.above[-1].header]), "import-unknown-reference", message, hint)
        return None

    def _complete(self, section: Section, entry: Entry) -> bool:
        """Tell whether a row says what nothing can be placed without; what else is missing is found by the check."""
        if section.shape in ("lists", "texts"):
            return self._filled(section.own, entry)
        if section.shape == "map":
            return self._filled(section.own[:1], entry)
        if section.record is not Means:
            return True
        columns = tuple(column for column in section.own if column.header == AMOUNT_KIND)
        if not self._filled(columns, entry):
            return False
        word = entry.values[AMOUNT_KIND]
        if word not in MEANS:
            hint = did_you_mean(str(word), MEANS, _("Write one of: %(words)s.") % {"words": ", ".join(MEANS)})
            message = _("“%(word)s” is not one of the words for this.") % {"word": quoted(str(word))}
            self.findings.refuse(start_of(entry.marks[AMOUNT_KIND]), "import-unknown-word", message, hint)
        return word in MEANS

    def _filled(self, columns: Iterable[Column], entry: Entry) -> bool:
        missing = [column for column in columns if column.header not in entry.values]
        for column in missing:
            hint = _("Write the %(column)s, or delete the row.") % {"column": column.header}
            self.findings.refuse(start_of(entry.marks[column.header]), "import-empty-cell", _(EMPTY_CELL), hint)
        return not missing

    def _record(self, section: Section, entry: Entry) -> Node:
        """Make the mapping of a row."""
        node = Node({}, Container(entry.at))
        if section.record is None:
            return node
        for column in section.own[1:] if section.shape == "map" else section.own:
            if column.path in ((INSIDE,), (AMOUNT_KIND,)) and (section.record is Means or column.path == (INSIDE,)):
                continue
            path = column.path
            if section.record is Means and path == (AMOUNT,):
                path = (entry.values[AMOUNT_KIND],)
                entry.values.setdefault(AMOUNT, None)
            mark = entry.marks[column.header]
            inner = _under(node, path[:-1], start_of(mark), make=column.header in entry.values)
            inner.marks.items[path[-1]] = mark
            if column.header in entry.values:
                inner.value[path[-1]] = entry.values[column.header]
        return node

    def _put(self, section: Section, entry: Entry, node: Node, parent: Node) -> None:
        """Put a record under the one above."""
        holder = _under(parent, section.within[:-1], entry.at)
        key = section.within[-1]
        if section.shape == "one":
            if key in holder.value:
                message = _("There is a second row here, but only one %(record)s.") % {"record": key}
                self.findings.refuse(entry.at, "import-duplicate-row", message, _("Delete one of the rows."))
                return
            holder.value[key], holder.marks.items[key] = node
        elif section.shape == "map":
            name = section.own[0].header
            self._put_under(
                _under(holder, (key,), entry.at), str(entry.values[name]), node, start_of(entry.marks[name])
            )
        elif section.shape == "lists":
            area, place = (column.header for column in section.own)
            mapping = _under(holder, (key,), entry.at)
            name = str(entry.values[area])
            mapping.marks.keys.setdefault(name, start_of(entry.marks[area]))
            _append(mapping, name, entry.values[place], entry.marks[place], entry.at)
        elif section.shape == "texts":
            _append(holder, key, entry.values["text"], entry.marks["text"], entry.at)
        else:
            _append(holder, key, node.value, node.marks, entry.at)

    def _put_under(self, mapping: Node, name: str, node: Node, mark: Mark) -> None:
        if name in mapping.value:
            message = _("“%(name)s” stands here twice.") % {"name": quoted(name)}
            hint, other = _("Leave one out, or rename it."), mapping.marks.keys[name]
            self.findings.refuse(mark, "import-duplicate-id", message, hint, other=other)
            return
        mapping.value[name], mapping.marks.items[name] = node
        mapping.marks.keys[name] = mark

    def _refuse_twin(self, entry: Entry, first: Node) -> None:
        """Refuse an id that stands twice where others stand inside the record of that id."""
        message = _(ID_TWICE) % {"name": quoted(str(entry.values.get("id")))}
        hint, other = _("Leave one out, or rename it."), start_of(first.marks.items["id"])
        self.findings.refuse(start_of(entry.marks["id"]), "import-duplicate-id", message, hint, other=other)

    def _put_inside(self, section: Section, inside: list[tuple[Entry, Node]], index: Mapping[_Names, Node]) -> None:
        """Put records into records of the same kind, once all are known."""
        holders = {entry.values.get("id"): entry.values[INSIDE] for entry, _node in inside}
        for entry, node in inside:
            name = entry.values[INSIDE]
            mark = start_of(entry.marks[INSIDE])
            holder = index.get((name,))
            if holder is None:
                known = [str(names[0]) for names in index]
                hint = did_you_mean(str(name), known, _("Add it, or leave this cell empty."))
                message = _(_NOT_HERE[section.path]) % {"name": quoted(str(name))}
                self.findings.refuse(mark, "import-unknown-reference", message, hint)
            elif _in_circle(entry.values.get("id"), holders):
                message = _("This stands inside itself, directly or through others.")
                self.findings.refuse(mark, "import-circle", message, _("Empty the cell of the highest."))
            else:
                _append(holder, str(section.inside), node.value, node.marks, entry.at)

    def _note_twins(self, section: Section, entry: Entry, seen: dict[str, Mark]) -> None:
        """Point at a row that says the same as one before it, where the format allows that."""
        if section.identity or section.shape in ("one", "map"):
            return
        before = seen.setdefault(repr(sorted(entry.values.items(), key=lambda pair: pair[0])), entry.at)
        if before is not entry.at:
            message = _("This row says the same as row %(row)s; it was read as one more.") % {"row": before.line}
            self.findings.note(entry.at, "import-same-row", message)


def _under(node: Node, path: tuple[str, ...], mark: Mark, *, make: bool = True) -> Node:
    """Give the mapping at the end of some keys; it comes into being there when it is to be made."""
    value, marks = node
    for key in path:
        inner = value.get(key, {})
        if make:
            value[key] = inner
        container = marks.items.get(key)
        if not isinstance(container, Container):
            container = marks.items[key] = Container(mark)
        value, marks = inner, container
    return Node(value, marks)


def _append(holder: Node, key: str, item: Any, mark: Marks, at: CellMark) -> None:  # noqa: ANN401 - a value
    listed = holder.value.setdefault(key, [])
    container = holder.marks.items.get(key)
    if not isinstance(container, Container):
        container = holder.marks.items[key] = Container(at)
    container.items[len(listed)] = mark
    listed.append(item)


def _in_circle(name: object, holders: Mapping[object, object]) -> bool:
    """Tell whether a record comes back to itself going from holder to holder."""
    at = holders.get(name)
    for _holder in holders:
        if at == name:
            return True
        at = holders.get(at)
    return False


def _sheet_above(section: Section) -> str:
    path = section.path[: len(section.path) - len(section.within)]
    return next((sheet.title for sheet in sheets() for one in sheet.sections if one.path == path), "")
