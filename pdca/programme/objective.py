"""Writing objectives: adding a candidate, putting it otherwise, and removing what nothing was done with (clauses 3-6).

A new objective is a candidate, whatever became of the programme: retaining it is a decision of its own (`retain`), and
one that the authorities approved is worked out under it without asking them again. What they have before them, or have
approved, is put otherwise with a motive only, and stays listed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.programme.common import check_title, find_objective, find_programme, must_be_in_charge, without_motive
from pdca.programme.tree import Tree
from pdca.programme.words import HANDED_IN
from pdca.shapes import check_id, taken
from pdca.store.driver import Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import plans, programme
from pdca.store.rows import Change, insert, update
from pdca.unknown import unknown_phenomenon
from workflows.need import EDIT, Need

_DROP: Final = "pdca objective decide %(objective)s --disposition dropped --motive … --by … --on DATE"


@dataclass(frozen=True, slots=True)
class AddObjective:
    """Add a candidate objective to a programme, under another or at the top; `title` maps a language to a text.

    Without an id it gets the next one beside it. Its level follows from where it stands; a `level` that is named has to
    be that one.
    """

    programme_id: str
    title: Mapping[str, str]
    parent: str | None = None
    level: str | None = None
    objective_id: str | None = None
    phenomenon: str | None = None
    internal: bool = False
    note: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write it.

        Raises NotFound for what is named and is not there, Usage when the id is taken, or for what does not fit.
        """
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("change the objectives"))
        row = find_programme(desk.connection, self.programme_id)
        tree = _tree(desk, row)
        check_title("objective-title-missing", self.title)
        _check_parent(desk, tree, self.programme_id, self.parent)
        _check_phenomenon(desk, self.phenomenon)
        name = self._name(desk, tree)
        tree.put(name, self.parent)
        placed = tree.changes()
        own = placed.pop(name)
        self._check_level(tree, own["level"])
        added = insert(
            "objective",
            {"objective_id": name},
            programme_id=self.programme_id,
            **own,
            title=to_json(dict(self.title)),
            internal=int(self.internal),
            disposition="candidate",
            phenomenon_id=self.phenomenon,
            note=self.note or None,
            assumed=0,
        )
        draft = Draft(kind="objective.added", changes=[added, *_moved(placed)])
        desk.record(Stream.of_installation(installation), draft)
        return desk.done(
            objective=name,
            programme=self.programme_id,
            parent=self.parent,
            level=own["level"],
            programme_status=row["status"],
        )

    def _name(self, desk: Desk, tree: Tree) -> str:
        known = [row["objective_id"] for row in desk.connection.all(plans.OBJECTIVES)]
        if self.objective_id is None:
            return check_id(tree.next_id(self.parent, known))
        check_id(self.objective_id)
        if same := taken(self.objective_id, known):
            raise Usage(
                "objective-exists",
                _("There is an objective %(objective)s already.") % {"objective": same},
                hint=_("Change it with `pdca objective set %(objective)s FIELD=VALUE`.") % {"objective": same},
            )
        return self.objective_id

    def _check_level(self, tree: Tree, level: str) -> None:
        if self.level in (None, level):
            return
        raise Usage(
            "level-does-not-fit",
            _("Under %(parent)s stands the level “%(level)s”, and not “%(asked)s”.")
            % {"parent": self.parent, "level": level, "asked": self.level}
            if self.parent
            else _("At the top stands the level “%(level)s”, and not “%(asked)s”.")
            % {"level": level, "asked": self.level},
            hint=_("The levels of objectives are, from the top: %(levels)s.") % {"levels": ", ".join(tree.levels)},
        )


@dataclass(frozen=True, slots=True)
class SetObjective:
    """Put an objective otherwise: the members of `values` are title, parent, position, phenomenon, internal and note.

    A title changes in the languages that are given. A parent of None is the top; a position is the place among those
    beside it, from 1.
    """

    objective_id: str
    values: Mapping[str, Any]
    reason: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write what differs as one event, or log the refusal; without any difference there is no event.

        Raises NotFound for what is named and is not there, Usage for what does not fit.
        """
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("change the objectives"))
        row = find_objective(desk.connection, self.objective_id)
        programme_row = find_programme(desk.connection, row["programme_id"])
        changed = self._changed(desk, row, _tree(desk, programme_row))
        own = changed.get(self.objective_id, {})
        stream = Stream.of_installation(installation)
        if own.keys() & {"title", "parent_id"} and (
            needs := without_motive(
                programme_row,
                self.reason,
                {"objective": self.objective_id},
                "pdca objective set %(objective)s FIELD=VALUE --reason …",
            )
        ):
            return desk.refuse(stream, Draft(kind="objective.refused", trigger="set"), needs)
        if changed:
            draft = Draft(kind="objective.changed", changes=_moved(changed), reason=self.reason)
            desk.record(stream, draft)
        return desk.done(
            objective=self.objective_id,
            programme=row["programme_id"],
            changed=sorted(own),
            moved=sorted(changed.keys() - {self.objective_id}),
            programme_status=programme_row["status"],
        )

    def _changed(self, desk: Desk, row: Row, tree: Tree) -> dict[str, dict[str, Any]]:
        changed = self._placed(desk, row, tree)
        wanted = {name: self.values[name] for name in ("note",) if name in self.values}
        if "title" in self.values:
            check_title("objective-title-missing", self.values["title"])
            wanted["title"] = to_json({**from_json(row["title"]), **self.values["title"]})
        if "phenomenon" in self.values:
            _check_phenomenon(desk, self.values["phenomenon"])
            wanted["phenomenon_id"] = self.values["phenomenon"]
        if "internal" in self.values:
            wanted["internal"] = int(self.values["internal"])
        if own := {column: value for column, value in wanted.items() if row[column] != value}:
            changed[self.objective_id] = {**changed.get(self.objective_id, {}), **own}
        return changed

    def _placed(self, desk: Desk, row: Row, tree: Tree) -> dict[str, dict[str, Any]]:
        parent = self.values.get("parent", row["parent_id"])
        _check_parent(desk, tree, row["programme_id"], parent)
        if tree.contains(self.objective_id, parent):
            raise Usage(
                "objective-under-itself",
                _("%(parent)s is %(objective)s itself, or stands under it.")
                % {"parent": parent, "objective": self.objective_id},
                hint=_("Choose an objective that does not."),
            )
        beside = tree.below(parent)
        place = self.values.get("position")
        here = beside.index(self.objective_id) + 1 if self.objective_id in beside else None
        if here is not None and (place is None or min(place, len(beside)) == here):
            return {}
        tree.put(self.objective_id, parent, place)
        return tree.changes()


@dataclass(frozen=True, slots=True)
class RemoveObjective:
    """Remove an objective that was added by mistake: nothing hangs on it, and nothing was decided over it."""

    objective_id: str
    reason: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Remove it, or log the refusal with all that stands in the way; raises NotFound."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("change the objectives"))
        row = find_objective(desk.connection, self.objective_id)
        stream = Stream.of_installation(installation)
        if needs := tuple(self._in_the_way(desk, row)):
            draft = Draft(kind="objective.refused", trigger="remove", reason=self.reason)
            return desk.refuse(stream, draft, needs)
        change = Change("delete", "objective", {"objective_id": self.objective_id})
        desk.record(stream, Draft(kind="objective.removed", changes=[change], reason=self.reason))
        return desk.done(objective=self.objective_id, programme=row["programme_id"])

    def _in_the_way(self, desk: Desk, row: Row) -> Iterator[Need]:
        this = {"objective": self.objective_id}
        for beside in desk.connection.all(programme.OBJECTIVES, programme_id=row["programme_id"]):
            if beside["parent_id"] == self.objective_id:
                yield Need(
                    "objective-has-objectives",
                    N_("Objective %(under)s stands under %(objective)s."),
                    {**this, "under": beside["objective_id"]},
                    N_("Remove that first, or put it elsewhere."),
                    "pdca objective remove %(under)s",
                )
        for plan in desk.connection.all(plans.PLANS):
            if plan["objective_id"] == self.objective_id:
                yield Need(
                    "objective-has-plans",
                    N_("Plan %(plan)s works %(objective)s out."),
                    {**this, "plan": plan["plan_id"]},
                    N_("Let the plan serve another objective first."),
                    EDIT,
                )
        if desk.connection.all(programme.RETENTIONS, objective_id=self.objective_id):
            yield Need(
                "objective-decided",
                N_("It was decided over %(objective)s, and what was decided stays."),
                this,
                N_("Another decision can follow: that it is dropped."),
                _DROP,
            )
        if find_programme(desk.connection, row["programme_id"])["status"] in HANDED_IN:
            yield Need(
                "objective-handed-in",
                N_("%(programme)s was handed in for approval: its candidates stay listed."),
                {**this, "programme": row["programme_id"]},
                N_("Decide that it is dropped."),
                _DROP,
            )


def _tree(desk: Desk, programme_row: Row) -> Tree:
    rows = desk.connection.all(programme.OBJECTIVES, programme_id=programme_row["programme_id"])
    levels = methods.of_plan(desk.connection, programme_row).above_plan
    return Tree(rows, tuple(level.id for level in levels))


def _moved(changed: Mapping[str, Mapping[str, Any]]) -> list[Change]:
    return [update("objective", {"objective_id": name}, **values) for name, values in changed.items()]


def _check_parent(desk: Desk, tree: Tree, programme_id: str, parent: str | None) -> None:
    if parent is None or parent in tree.rows:
        return
    raise Usage(
        "parent-of-another-programme",
        _("%(parent)s is an objective of the programme %(other)s, and not of %(programme)s.")
        % {
            "parent": parent,
            "other": find_objective(desk.connection, parent)["programme_id"],
            "programme": programme_id,
        },
        hint=_("Choose one of the same programme."),
    )


def _check_phenomenon(desk: Desk, phenomenon: str | None) -> None:
    if phenomenon is not None and phenomenon not in {
        row["phenomenon_id"] for row in desk.connection.all(programme.PHENOMENA)
    }:
        raise unknown_phenomenon(phenomenon)
