"""What is to be done first and by when: deadlines, and all else that waits for somebody."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from pdca import methods
from pdca.actor import Actor
from pdca.plans import acknowledgements
from pdca.plans.approvers import other_eyes
from pdca.plans.rights import APPROVERS
from pdca.plans.roles import local_date, present
from pdca.report.upcoming import is_in_charge, lacking, parties_of, plans_of, upcoming, weighed
from pdca.standing import acts_for, local_day
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reading_ahead import ReadingAhead
from pdca.store.reads import agenda as statements
from pdca.store.reads import evaluations, people, plans
from workflows.instants import to_text
from workflows.schedule import due_instant, parse_stated

_UNAPPROVED: Final = frozenset({"not-approved", "approval-outdated", "approved-by-owner"})

_LAST: Final = "~"
"""Sorts after every instant: what has no day of its own comes last."""


def agenda(connection: Connection, now: datetime, actor: Actor | None, plan_id: str | None) -> list[dict[str, Any]]:
    """List what is to be done, soonest first; for an actor what it may do, for a plan all of it, otherwise everything.

    Besides the kinds of deadlines, `what` is: approve (the next step waits for nothing but approval),
    approve_extension, answer (a reaction), activity (its end is past), follow_up (what was left to a later cycle),
    submit (a programme). `subject` is what it is about, `command` does it; while the step that falls due lacks
    something, `needs` counts that and `command` shows it. `by` is None for what has no date. A step that waits for
    nothing but approval is listed once: for who may give it as that. A missed evaluation is one more thing than the
    step that makes good for it, and stays; `following` is the day of the next one of its plan.
    """
    found = _Agenda(connection, now, actor, plan_id)
    approvals = list(found.approvals())
    approved_first = {(row["plan"], row["subject"]) for row in approvals}
    due = [
        row
        for row in upcoming(connection, now, actor, plan_id)
        if row["what"] == "missed" or (row["plan"], row["trigger"]) not in approved_first
    ]
    ahead = ReadingAhead(connection, {row["plan"] for row in due if row["plan"] is not None})
    rows = [
        *(weighed(ahead, row, now) for row in due),
        *approvals,
        *found.extensions(),
        *found.reactions(),
        *found.activities(),
        *found.follow_ups(),
        *((*found.programmes(), *found.extensions_of_programmes()) if plan_id is None else ()),
    ]
    return sorted(rows, key=lambda row: (row["by"] or _LAST, row["plan"] or "", row["what"], row["subject"] or ""))


class _Agenda:
    def __init__(self, connection: Connection, now: datetime, actor: Actor | None, plan_id: str | None) -> None:
        self._connection = connection
        self._now = now
        self._actor = actor
        self._parties = parties_of(connection, actor, now) if actor else set()
        self._mine = plans_of(connection, self._parties) if actor else set()
        rows = [row for row in connection.all(plans.PLANS) if plan_id in (None, row["plan_id"])]
        self._running = {row["plan_id"]: row for row in rows if methods.state_of(connection, row).running}
        self._due = {
            row["plan"]: row for row in upcoming(connection, now, None, plan_id) if row["what"] in ("start", "decide")
        }

    def approvals(self) -> Iterator[dict[str, Any]]:
        """The plans that can go no further without approval, and lack nothing else."""
        onward = {name: ways for name, row in self._running.items() if (ways := self._only_by_approval(row))}
        ahead = ReadingAhead(self._connection, onward)
        waiting = [
            (name, trigger)
            for name, triggers in onward.items()
            for trigger in triggers
            if self._lacks_only_approval(ahead, name, trigger)
        ]
        # Who wrote a plan takes reading its whole log.
        read = ReadingAhead(self._connection, {name for name, _ in waiting})
        for name, trigger in waiting:
            plan = ahead.one(plans.PLAN, plan_id=name) or {}
            if self._actor is None or not other_eyes(read, plan, self._actor, self._now):
                command = f"pdca plan approve {name} --for {trigger} --reason …"
                due = self._due.get(name, {})
                row = self._row(self._running[name], "approve", trigger, due.get("by"), command)
                yield {**row, **{field: due[field] for field in acknowledgements.FIELDS if field in due}}

    def extensions(self) -> Iterator[dict[str, Any]]:
        """The requests to move an evaluation, which have to be approved before its date."""
        waiting = self._connection.all(statements.WAITING_EXTENSIONS, now=to_text(self._now))
        ahead = ReadingAhead(self._connection, {one["plan_id"] for one in waiting})
        for one in waiting:
            row = self._running.get(one["plan_id"])
            if row is not None and (self._actor is None or self._may_approve_extension(ahead, one)):
                command = f"pdca evaluation extend {one['evaluation_id']} --approve --reason …"
                yield self._row(row, "approve_extension", one["evaluation_id"], one["due_at"], command)

    def extensions_of_programmes(self) -> Iterator[dict[str, Any]]:
        """The requests to put off the evaluation of a programme, which have to be approved before its day."""
        if self._actor is not None and not is_in_charge(self._connection, self._actor, self._parties):
            return
        for one in self._connection.all(statements.WAITING_EXTENSIONS_OF_PROGRAMMES, now=to_text(self._now)):
            if self._actor is None or self._is_not_of(one["requested_by"], self._connection):
                title = one["title"] or to_json({"en": one["programme_id"]})
                row = {**one, "title": title, "plan_id": None, "slug": None, "restricted": 0}
                command = f"pdca programme evaluation extend {one['evaluation_id']} --approve --reason …"
                yield self._row(row, "approve_extension", one["evaluation_id"], one["due_at"], command)

    def reactions(self) -> Iterator[dict[str, Any]]:
        """What partners said and were not answered."""
        for one in self._connection.all(statements.UNANSWERED):
            row = self._running.get(one["plan_id"])
            if row is not None and (self._actor is None or one["plan_id"] in self._mine):
                command = f"pdca partner answer {one['reaction_id']} --text …"
                yield self._row(row, "answer", one["reaction_id"], None, command)

    def activities(self) -> Iterator[dict[str, Any]]:
        """The activities whose last day is past, and that are neither done nor dropped."""
        for one in self._connection.all(statements.ACTIVITIES_PAST, today=self._today().isoformat()):
            row = self._running.get(one["plan_id"])
            if row is None or not (
                self._actor is None or one["plan_id"] in self._mine or one["owner_id"] in self._parties
            ):
                continue
            ended = parse_stated(one["end_date"]).date
            if ended < local_date(self._now, row["zone"]):
                by = to_text(due_instant(ended, time(), row["zone"]))
                yield self._row(row, "activity", one["activity_id"], by, f"pdca activity done {one['activity_id']}")

    def follow_ups(self) -> Iterator[dict[str, Any]]:
        """What was left to be followed up and is not answered."""
        words = {row["follow_up_id"]: row for row in self._connection.all(evaluations.LIVE)}
        for one in self._connection.all(statements.FOLLOW_UPS_OPEN):
            row = self._running.get(one["plan_id"])
            if row is None or not (
                self._actor is None or one["plan_id"] in self._mine or one["owner_id"] in self._parties
            ):
                continue
            by = to_text(due_instant(date.fromisoformat(one["due_date"]), time(23, 59), row["zone"]))
            command = f"pdca followup answer {one['follow_up_id']} --done --reason …"
            yield {
                **self._row(row, "follow_up", one["follow_up_id"], by, command),
                **acknowledgements.in_force(words.get(one["follow_up_id"]), to_text(self._now)),
            }

    def programmes(self) -> Iterator[dict[str, Any]]:
        """The programmes that the authorities must have by a day, and do not have yet."""
        if self._actor is not None and not is_in_charge(self._connection, self._actor, self._parties):
            return
        zone = (self._connection.one(people.INSTALLATION) or {"zone": "UTC"})["zone"]
        for one in self._connection.all(plans.PROGRAMMES):
            if one["legal_deadline"] is None or one["status"] not in ("draft", "rejected"):
                continue
            last = parse_stated(one["legal_deadline"]).date
            row = {**one, "plan_id": None, "slug": None, "state": one["status"], "zone": zone, "restricted": 0}
            command = f'pdca programme submit {one["programme_id"]} --step "AUTHORITY: ACT"'
            found = self._row(row, "submit", one["programme_id"], to_text(due_instant(last, time(), zone)), command)
            yield {**found, "late": last < self._today()}

    def _only_by_approval(self, row: Row) -> list[str]:
        """Name the steps onward of a plan that can take none without approval."""
        ways = methods.of_plan(self._connection, row).routes.get(row["state"], {})
        onward = {name: way for name, way in ways.items() if "hold_deadlines" not in way.effects}
        return list(onward) if all("approved" in way.guards for way in onward.values()) else []

    def _today(self) -> date:
        return local_day(self._connection, self._now)

    def _lacks_only_approval(self, ahead: Connection, plan_id: str, trigger: str) -> bool:
        plan = ahead.one(plans.PLAN, plan_id=plan_id) or {}
        codes = {need.code for need in lacking(ahead, plan, trigger, self._now)}
        return bool(codes) and codes <= _UNAPPROVED

    def _may_approve_extension(self, ahead: Connection, one: Row) -> bool:
        if self._actor is None or not self._is_not_of(one["requested_by"], ahead):
            return False
        plan = ahead.one(plans.PLAN, plan_id=one["plan_id"]) or {}
        return bool(present(ahead, plan, self._actor, self._now).roles & APPROVERS)

    def _is_not_of(self, person_id: str, ahead: Connection) -> bool:
        """Whether the actor is somebody, and neither that person nor a substitute of that person."""
        mine = self._actor.person_id if self._actor else None
        return mine is not None and person_id not in {mine, *acts_for(ahead, mine, self._now)}

    def _row(self, row: Mapping[str, Any], what: str, subject: str, by: str | None, command: str) -> dict[str, Any]:
        return {
            "plan": row["plan_id"],
            "slug": row["slug"],
            "title": from_json(row["title"]),
            "state": row["state"],
            "what": what,
            "evaluation": subject if what == "approve_extension" else None,
            "subject": subject,
            "by": by,
            "first_by": None,
            "zone": row["zone"],
            "late": by is not None and by <= to_text(self._now),
            "held": False,
            "following": None,
            "waits_for": None,
            **acknowledgements.in_force(None, to_text(self._now)),
            "trigger": subject if what == "approve" else None,
            "needs": None,
            "not_gone": [],
            "command": command,
            "assumed": bool(row["assumed"]),
            "restricted": bool(row["restricted"]),
        }
