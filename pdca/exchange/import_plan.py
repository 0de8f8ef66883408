"""Bringing one plan to what a document says: its rows, its moments, and the deadlines that follow.

An import adds and changes. An edit is *exact*: what the document does not hold any more goes, unless it may not. The
words of a rubric are never lost: each revision stays, also that by which they were taken away.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pdca import methods
from pdca.engine import Desk
from pdca.exchange import decisions, plan_rows, prediction
from pdca.exchange.as_rows import Wanted
from pdca.exchange.document import PlacedPlan
from pdca.exchange.informing import Informing
from pdca.exchange.involving import Involving
from pdca.exchange.moments import Evaluations
from pdca.exchange.plan_records import Plan
from pdca.exchange.problems import Problem
from pdca.exchange.stored import Stored, different, same
from pdca.i18n import _
from pdca.plans import deadlines, group, rights
from pdca.plans.reminding import Terms, terms_of
from pdca.plans.roles import in_force, local_date
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Row
from pdca.store.reads import cycles, evaluations
from pdca.store.reads import programme as programmes
from pdca.store.rows import Change, insert, update
from workflows.facts import Facts, Member
from workflows.method import WorkflowDefinition

_WORDS = ("text", "not_applicable")
_BASELINE = ("baseline", "baseline_period", "baseline_missing")


class PlanImport:
    """The plans of a document beside those there are. `zone` is where the dates of new plans are meant, `definition` by
    which version of the method they are worked; a plan that is there keeps its own.

    `parties` gives the discipline of each party as it is after the import. `problems` collects what an edit may not do;
    then its changes are not to be written.
    """

    def __init__(
        self,
        desk: Desk,
        stored: Stored,
        definition: WorkflowDefinition,
        programme_id: str,
        zone: str,
        parties: Mapping[str, str | None],
        *,
        exact: bool = False,
    ) -> None:
        self.problems: list[Problem] = []
        self._desk = desk
        self._stored = stored
        self._definition = definition
        self._programme_id = programme_id
        self._zone = zone
        self._parties = parties
        self._exact = exact

    def changes(self, placed: PlacedPlan, row: Row | None, numbers: Mapping[str, str]) -> list[Change]:
        """Give the changes that bring a plan (`row`, None for a new one) to what the document says."""
        wanted, plan_id = placed.plan, numbers[placed.plan.id]
        own = plan_rows.plan(wanted, placed.objective, plan_id, numbers)
        if row is None:
            own = Wanted("plan", own.key, {**own.values, **self._beginning()})
        plan = {**(row or {}), **own.key, **own.values}
        definition = methods.of_plan(self._desk.connection, plan)
        members = self._stored.in_order(plan_rows.members(wanted, plan_id))
        measured = self._stored.in_order(plan_rows.indicators(wanted, plan_id))
        objectives = self._stored.in_order(plan_rows.objectives(wanted, plan_id))
        activities = self._stored.in_order(plan_rows.activities(wanted, plan_id))
        means = list(plan_rows.means(wanted, plan_id))
        self._keep_baselines(placed, measured, plan, definition)
        method = self._reminded_by(wanted, row, plan_id).over(definition)
        moments = Evaluations(self._desk, self._stored, definition, plan, method, self.problems, exact=self._exact)
        informing = Informing(self._desk, self._stored, definition, plan, self.problems, exact=self._exact)
        return [
            *self._stored.differences([own]),
            *(self._start_deadline(plan, method) if row is None else ()),
            *self._rubrics(wanted.rubrics, list(plan_rows.rubrics(wanted, plan_id)), plan_id),
            *self._gone("group_member", plan_id, members),
            *self._stored.differences(members),
            *self._gone("plan_indicator", plan_id, measured),
            *self._stored.differences(measured),
            *self._means_gone(plan_id, means),
            *self._activities_gone(placed, plan_id, activities),
            *self._stored.differences(objectives),
            *self._stored.differences(activities),
            *self._gone("plan_objective", plan_id, objectives),
            *self._stored.differences(means),
            *self._group_deadline(plan, row, members, definition),
            *decisions.changes(self._desk, self._stored, placed, row, plan_id, self.problems, exact=self._exact),
            *prediction.changes(self._desk, self._stored, placed, plan, definition, self.problems, exact=self._exact),
            *moments.changes(placed),
            *informing.changes(placed),
            *Involving(self._desk, self._stored, plan, self.problems, exact=self._exact).changes(placed),
        ]

    def _reminded_by(self, wanted: Plan, row: Row | None, plan_id: str) -> Terms:
        """What holds of reminders and days of grace; the file says it where it makes the plan (`row` None)."""
        if row is None:
            return wanted.reminders[-1].terms if wanted.reminders else Terms()
        decided = self._stored.of("reminding", "plan_id", plan_id)
        return terms_of(decided[-1] if decided else None)

    def _beginning(self) -> dict[str, Any]:
        return {
            "programme_id": self._programme_id,
            "author_id": self._desk.actor.person_id,
            "state": self._definition.initial,
            "state_since": self._desk.uow.now_text,
            "cycle": 1,
            "zone": self._zone,
            "definition": self._definition.id,
            "definition_version": self._definition.version,
        }

    def _start_deadline(self, plan: Row, method: WorkflowDefinition) -> list[Change]:
        now = self._desk.uow.now
        today = local_date(now, plan["zone"]).isoformat()
        changes = deadlines.of_state(plan, method, method.initial, now, 1)
        if plan["period_end"] >= today:
            return changes
        # What should have begun and ended is late from its first moment; under a programme that is over it is history.
        programme = self._desk.connection.one(programmes.PROGRAMME, programme_id=plan["programme_id"]) or plan
        return [deadlines.at_once(change, now) for change in changes if programme["period_end"] >= today]

    def _group_deadline(
        self, plan: Row, row: Row | None, members: Iterable[Wanted], definition: WorkflowDefinition
    ) -> list[Change]:
        """The deadline by which the group is to be set up, which ends when it is complete."""
        before = group.due_date(row, definition) if row else None
        if group.due_date(plan, definition) is None and before is None:
            return []
        now = self._desk.uow.now
        today = local_date(now, plan["zone"])
        stored = () if self._exact else self._stored.of("group_member", "plan_id", plan["plan_id"])
        rows = {member["party_id"]: member for member in stored}
        rows |= {member.key["party_id"]: {**member.key, **member.values} for member in members}
        parties = {member["party_id"] for member in in_force(rows.values(), today)} - {plan["lead_id"]}
        people = [Member(party, self._parties.get(party)) for party in sorted(parties)]
        if plan["lead_id"]:
            people.append(Member(plan["lead_id"], self._parties.get(plan["lead_id"]), lead=True))
        facts = Facts(plan["plan_id"], plan["state"], now, plan["zone"], members=tuple(people))
        live = self._desk.connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=plan["plan_id"]) if row else []
        return group.after_edit(
            plan,
            definition,
            live,
            self._desk.uow.now_text,
            (row["version"] if row else 0) + 1,
            is_complete=group.complete(facts, definition),
        )

    def _rubrics(self, written: Mapping[str, Any], wanted: list[Wanted], plan_id: str) -> Iterator[Change]:
        for one in wanted:
            row = self._stored.row("rubric", *one.key.values())
            if row is None:
                yield insert("rubric", one.key, **one.values, revision=1)
                yield self._revision(one.key, 1, one.values)
            elif changed := different(row, one.values):
                yield from self._revised(one.key, row, changed)
        if not self._exact:
            return
        for row in self._stored.of("rubric", "plan_id", plan_id):
            if row["rubric_id"] not in written:
                empty = dict.fromkeys((*_WORDS, "withheld_from", "basis", "source", "note"))
                if changed := different(row, {**empty, "assumed": 0}):
                    yield from self._revised({"plan_id": plan_id, "rubric_id": row["rubric_id"]}, row, changed)

    def _revised(self, key: Mapping[str, Any], row: Row, changed: dict[str, Any]) -> Iterator[Change]:
        if changed.keys().isdisjoint(_WORDS):
            yield update("rubric", key, **changed)
            return
        revision = row["revision"] + 1
        yield update("rubric", key, **changed, revision=revision)
        yield self._revision(key, revision, {**row, **changed})

    def _revision(self, key: Mapping[str, Any], revision: int, values: Mapping[str, Any]) -> Change:
        return insert(
            "rubric_revision",
            {**key, "revision": revision},
            **{name: values[name] for name in _WORDS},
            revised_at=self._desk.uow.now_text,
            revised_by=self._desk.actor.person_id,
        )

    def _keep_baselines(
        self, placed: PlacedPlan, measured: list[Wanted], plan: Row, definition: WorkflowDefinition
    ) -> None:
        """Starting a plan locks where its indicators stood: what is measured from moves by a decision of Adjust only.

        A later cycle, which begins in Plan again, is measured from there too.
        """
        if rights.in_preparation(plan, definition, self._stored.of("evaluation", "plan_id", plan["plan_id"])):
            return
        wanted = {one.key["indicator_id"]: one.values for one in measured}
        named = [indicator.id for indicator in placed.plan.indicators]
        for row in self._stored.of("plan_indicator", "plan_id", plan["plan_id"]):
            indicator = row["indicator_id"]
            now = wanted.get(indicator, {} if self._exact else row)
            if all(same(name, row[name], now.get(name)) for name in _BASELINE):
                continue
            at = (named.index(indicator),) if indicator in named else ()
            message = _("The baseline of %(indicator)s was locked when the plan started.") % {"indicator": indicator}
            hint = (
                _("There is none: %(reason)s") % {"reason": row["baseline_missing"]}
                if row["baseline"] is None
                else _("It is %(value)s over %(period)s.")
                % {"value": row["baseline"], "period": row["baseline_period"]}
            )
            hint += " " + _("`pdca indicator rebase` records another, as a decision of Adjust.")
            self.problems.append(
                Problem("edit-baseline-locked", message, placed.place((*placed.path, "indicators", *at)), hint)
            )

    def _gone(self, table: str, plan_id: str, wanted: Iterable[Wanted]) -> Iterator[Change]:
        if not self._exact:
            return
        kept = {tuple(one.key.values()) for one in wanted}
        for row in self._stored.of(table, "plan_id", plan_id):
            key = {column: row[column] for column in FOLDED[table].key}
            if tuple(key.values()) not in kept:
                yield Change("delete", table, key)

    def _activities_gone(self, placed: PlacedPlan, plan_id: str, wanted: Iterable[Wanted]) -> Iterator[Change]:
        """Take away activities; one over which Adjust decided stays, for the decision would be about nothing."""
        gone = list(self._gone("activity", plan_id, wanted))
        if not gone:
            return
        decided = {row["activity_id"] for row in self._desk.connection.all(cycles.DECISIONS, plan_id=plan_id)}
        for change in gone:
            activity = change.key["activity_id"]
            if activity not in decided:
                yield change
                continue
            message = _("%(activity)s has to stay: Adjust decided over it.") % {"activity": activity}
            hint = _("Say instead that it is dropped: `pdca activity drop %(activity)s --reason …`.")
            place = placed.place((*placed.path, "activities"))
            self.problems.append(Problem("edit-activity-decided", message, place, hint % {"activity": activity}))

    def _means_gone(self, plan_id: str, wanted: Iterable[Wanted]) -> Iterator[Change]:
        if not self._exact:
            return
        kept = {tuple(one.key.values()) for one in wanted}
        for activity in self._stored.of("activity", "plan_id", plan_id):
            for row in self._stored.of("means", "activity_id", activity["activity_id"]):
                key = {column: row[column] for column in FOLDED["means"].key}
                if tuple(key.values()) not in kept:
                    yield Change("delete", "means", key)
