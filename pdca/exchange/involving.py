"""What is on record of the partners of a plan: sessions with them, and what they said and were answered.

A file adds to it, an answer to a reaction included. What is on record stays as it is, whatever the file says.
"""

from collections.abc import Collection, Iterator
from typing import Any

from pdca.engine import Desk
from pdca.exchange import plan_rows
from pdca.exchange.document import PlacedPlan
from pdca.exchange.located import Path
from pdca.exchange.partner_records import Reaction
from pdca.exchange.problems import ImportRefused, Problem
from pdca.exchange.stored import Stored, different
from pdca.i18n import _
from pdca.plans.roles import local_date
from pdca.store.driver import Row
from pdca.store.rows import Change, insert, update


class Involving:
    """The sessions and reactions of one plan; `problems` takes what a file may not do to them."""

    def __init__(self, desk: Desk, stored: Stored, plan: Row, problems: list[Problem], *, exact: bool) -> None:
        self._desk = desk
        self._stored = stored
        self._plan_id = plan["plan_id"]
        self._today = local_date(desk.uow.now, plan["zone"])
        self._problems = problems
        self._exact = exact

    def changes(self, placed: PlacedPlan) -> list[Change]:
        """Give the changes to sessions and reactions; raises ImportRefused for a day that is still to come."""
        self._refuse_to_come(placed)
        return [*self._sessions(placed), *self._reactions(placed)]

    def _sessions(self, placed: PlacedPlan) -> Iterator[Change]:
        kept = set()
        for index, session in enumerate(placed.plan.sessions):
            wanted = plan_rows.session(self._plan_id, session)
            name = wanted.key["involvement_id"]
            kept.add(name)
            row = self._stored.row("involvement", name)
            if row is None:
                yield insert("involvement", wanted.key, **wanted.values)
            elif different(row, wanted.values):
                self._fixed("edit-session-fixed", name, placed, ("sessions", index))
        self._refuse_gone("involvement", kept, "edit-session-fixed", placed, ("sessions",))

    def _reactions(self, placed: PlacedPlan) -> Iterator[Change]:
        kept = set()
        for index, reaction in enumerate(placed.plan.reactions):
            wanted = plan_rows.reaction(self._plan_id, reaction)
            name = wanted.key["reaction_id"]
            kept.add(name)
            row = self._stored.row("reaction", name)
            if row is None:
                yield insert("reaction", wanted.key, **wanted.values, **self._recorded(), **self._answered(reaction))
            elif different(row, wanted.values) or self._answered_otherwise(row, reaction):
                self._fixed("edit-reaction-fixed", name, placed, ("reactions", index))
            elif row["answered_at"] is None and reaction.answer is not None:
                yield update("reaction", wanted.key, **self._answered(reaction))
        self._refuse_gone("reaction", kept, "edit-reaction-fixed", placed, ("reactions",))

    def _answered_otherwise(self, row: Row, reaction: Reaction) -> bool:
        """Tell whether the file takes back what was answered; one that only adds may leave the answer out."""
        if row["answered_at"] is None or row["answer"] == reaction.answer:
            return False
        return self._exact or reaction.answer is not None

    def _recorded(self) -> dict[str, Any]:
        return {"recorded_by": self._desk.actor.person_id, "recorded_at": self._desk.uow.now_text}

    def _answered(self, reaction: Reaction) -> dict[str, Any]:
        if reaction.answer is None:
            return {}
        by = {"answered_by": self._desk.actor.person_id, "answered_at": self._desk.uow.now_text}
        return {"answer": reaction.answer, **by}

    def _refuse_to_come(self, placed: PlacedPlan) -> None:
        days = {("sessions", index, "date"): one.date for index, one in enumerate(placed.plan.sessions)}
        days |= {("reactions", index, "received"): one.received for index, one in enumerate(placed.plan.reactions)}
        hint = _("Record it once it has been.")
        problems = [
            Problem(
                "import-bad-date",
                _("%(day)s is still to come.") % {"day": day.text},
                placed.place((*placed.path, *at)),
                hint,
            )
            for at, day in days.items()
            if day.date > self._today
        ]
        if problems:
            raise ImportRefused(problems)

    def _refuse_gone(self, table: str, kept: Collection[str], code: str, placed: PlacedPlan, at: Path) -> None:
        if not self._exact:
            return
        for row in self._stored.of(table, "plan_id", self._plan_id):
            if row[f"{table}_id"] not in kept:
                self._fixed(code, row[f"{table}_id"], placed, at)

    def _fixed(self, code: str, name: str, placed: PlacedPlan, at: Path) -> None:
        message = _("%(name)s is on record, and stays as it is.") % {"name": name}
        place = placed.place((*placed.path, *at))
        hint = _("Write it again as it was; what is to be added has an id of its own.")
        self._problems.append(Problem(code, message, place, hint))
