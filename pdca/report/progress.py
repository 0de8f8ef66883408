"""The progress report of one plan as facts: JSON values, in no language, without what its readers are not to see.

It is told from the records and the log, and from nothing else: a report says what an auditor can look up.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from pdca import methods
from pdca.house import installation
from pdca.plans.roles import local_date
from pdca.report import cycles, evaluation, partners
from pdca.report.audiences import check_audience, check_open_to, hidden_from, knows_people, shown
from pdca.report.board import PHASES
from pdca.report.checkpoint import checkpoint
from pdca.report.conclusion import chips, conclusion
from pdca.report.information import proofs
from pdca.report.plan_lines import day_of
from pdca.report.plans import whole
from pdca.report.progress_measured import measured
from pdca.report.progress_since import OF_ACTIVITIES, OF_PARTNERS, happened
from pdca.report.then import end_of_day
from pdca.report.upcoming import upcoming
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import cycles as cycle_statements
from pdca.store.reads import evaluations, plans
from pdca.unknown import unknown_plan
from workflows.instants import to_text
from workflows.schedule import parse_stated

View = dict[str, Any]

_PLAN: Final = (
    *("plan_id", "slug", "title", "programme_id", "period_start", "period_end", "zone", "state", "state_label"),
    *("state_since", "cycle", "restricted", "assumed", "watch", "watch_again"),
)
_EVALUATION: Final = (
    *("evaluation_id", "kind", "stated_date", "due_date", "due_at", "first_due_at", "status", "missed_because"),
    *("opened_at", "overdue_at", "recorded_at", "verdict", "process_findings", "effect_findings", "attributed_to"),
    *("attribution", "evidence", "lessons", "cycle", "prediction", "assumed"),
)


def progress(
    connection: Connection,
    plan_id: str,
    *,
    audience: str,
    since: date | None,
    now: datetime,
    although_restricted: bool = False,
) -> View:
    """Tell how far a plan is, and what happened since the local day of the last report (None: from the beginning on).

    `audience` is internal, partner, authority or public; `although_restricted`: its project group decided that they are
    told all the same. Raises NotFound for no such plan, Refused for one that is
    restricted and not the audience's to see.
    """
    check_audience(audience)
    row = connection.one(plans.PLAN, plan_id=plan_id)
    if row is None:
        raise unknown_plan(plan_id)
    if not although_restricted:
        check_open_to(row, audience)
    told = _Told(connection, row, audience, since, now)
    facts = told.facts()
    return {**facts, "content_sha256": content_hash(facts), "checkpoint": checkpoint(connection)}


def content_hash(facts: Mapping[str, Any]) -> str:
    """Give the SHA-256 of what a report says, in hex: the same facts have the same, whenever they are told."""
    said = {name: value for name, value in facts.items() if name not in ("made_at", "content_sha256", "checkpoint")}
    text = json.dumps(said, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class _Told:
    """One report while it is put together."""

    def __init__(self, connection: Connection, plan: Row, audience: str, since: date | None, now: datetime) -> None:
        self.connection, self.row, self.audience, self.since, self.now = connection, plan, audience, since, now
        self.plan_id, self.zone = plan["plan_id"], plan["zone"]
        self.state = methods.state_of(connection, plan)
        self.today = local_date(now, self.zone)
        self.view = whole(connection, self.plan_id, now)
        method = methods.of_plan(connection, plan)
        hidden = hidden_from(audience, self.view, self.view["rubrics"])
        part = shown(method, hidden, self.view["activities"])
        self.hidden, self.unmeasured = part.hidden, part.unmeasured
        self.means_hidden, self.deployed_hidden = not part.means, not part.deployed
        self.partners_hidden = not part.partners
        self.activities = [one for one in self.view["activities"] if one["activity_id"] not in part.untold]
        self.shown = frozenset(one["activity_id"] for one in self.activities)
        # What was known at the end of the day of the last report is no news.
        self.after = to_text(end_of_day(connection, self.plan_id, since)) if since else None

    def facts(self) -> View:
        found = self.evaluations()
        indicators = [
            one
            for one in measured(self.connection, self.row, self.after, self.now)
            if one["indicator_id"] not in self.unmeasured
        ]
        coming = self.next()
        body = installation(self.connection)
        return {
            "audience": self.audience,
            "since": self.since.isoformat() if self.since else None,
            "made_at": to_text(self.now),
            "today": self.today.isoformat(),
            "body": {"name": from_json(body["name"]), "simulated": bool(body["simulated"])},
            "plan": self.plan(),
            "conclusion": conclusion(self.view, found, coming, self.today, ended=self.state.ended),
            "strip": self.strip(),
            "chips": chips(found, indicators, coming),
            "rubrics": [
                {name: one[name] for name in ("rubric_id", "label", "text", "not_applicable", "assumed")}
                for one in self.view["rubrics"]
                if one["rubric_id"] not in self.hidden.rubrics
            ],
            "indicators": indicators,
            "happened": self.happened(),
            "evaluations": found,
            "cycles": self.cycles(),
            "activities": [self.activity(one) for one in self.activities],
            "means": self.means(),
            "informed": self.informed(),
            "involved": self.involved(),
            "reactions": self.reactions(),
            "next": coming,
        }

    def plan(self) -> View:
        view = self.view
        lead = view["lead"]
        return {
            **{name: view[name] for name in _PLAN},
            "objective": view["objective"]
            and {name: view["objective"][name] for name in ("objective_id", "title", "assumed")},
            "lead": lead and {"name": lead["name"], "people": lead["people"] if knows_people(self.audience) else []},
            "group": [
                {name: one[name] for name in ("name", "kind", "discipline", "assumed")}
                for one in view["group"]
                if one["present"]
            ],
        }

    def strip(self) -> View:
        """The four phases in their order with what the method calls them, and which of them the plan is in."""
        definition = methods.of_plan(self.connection, self.row)
        current = self.state
        labels = {state.phase: dict(state.label) for state in reversed(definition.states)}
        return {
            "phases": [
                {"phase": phase, "label": labels[phase], "current": current.phase == phase}
                for phase in PHASES
                if phase in labels
            ],
            "phase": current.phase,
            "label": dict(current.label),
            "cycle": self.row["cycle"],
            "since": self.day(self.row["state_since"]),
        }

    def happened(self) -> View:
        found = happened(
            self.connection, self.row, self.audience, self.since, self.now, self.shown, untold=self.untold()
        )
        return {**found, "means": [] if self.deployed_hidden else found["means"]}

    def untold(self) -> frozenset[str]:
        """Name the kinds of events that would tell of what is hidden."""
        some_hidden = len(self.activities) < len(self.view["activities"])
        return frozenset(
            [*(OF_PARTNERS if self.partners_hidden else ()), *(OF_ACTIVITIES if some_hidden else ())],
        )

    def evaluations(self) -> list[View]:
        rows = self.connection.all(evaluations.OF_PLAN, plan_id=self.plan_id)
        return [self.evaluated(row) for row in rows if row["status"] != "cancelled"]

    def evaluated(self, row: Row) -> View:
        view = evaluation.whole(self.connection, row["evaluation_id"])
        moved = [one for one in view["extensions"] if one["approved_at"]]
        names = ("from_date", "to_date", "reason") if self.audience != "public" else ("from_date", "to_date")
        return {
            **{name: None if name in self.hidden.columns else view[name] for name in _EVALUATION},
            "deployed": None if self.deployed_hidden else view["deployed"],
            "results": [one for one in view["results"] if one["indicator_id"] not in self.unmeasured],
            "recorded_on": self.day(view["recorded_at"]),
            "opened_on": self.day(view["opened_at"]),
            "first_date": moved[0]["from_date"] if moved else view["due_date"],
            "extensions": [{name: one[name] for name in names} for one in moved],
            "evaluators": [
                {"name": one["name"], "assumed": one["assumed"]}
                for one in view["evaluators"]
                if "party" in one or knows_people(self.audience)
            ],
        }

    def cycles(self) -> list[View]:
        public = self.audience == "public"
        return [
            {
                **{name: one[name] for name in ("cycle", "current", "prediction", "verdict", "evaluation_id")},
                **{name: one[name] for name in ("decision", "decision_label")},
                "started_on": self.day(one["started_at"]),
                "decided_on": self.day(one["decided_at"]),
                "motive": None if public else one["motive"],
                "activities": [
                    {name: act[name] for name in ("activity_id", "title", "decision")}
                    for act in one["activities"]
                    if act["activity_id"] in self.shown
                ],
                "follow_ups": []
                if public
                else [{name: left[name] for name in ("title", "due_date", "status")} for left in one["follow_ups"]],
            }
            for one in cycles.listed(self.connection, self.plan_id)
        ]

    def activity(self, one: View) -> View:
        names = ("activity_id", "title", "start_date", "end_date", "status", "result", "assumed")
        late = one["end_date"] is not None and one["status"] not in ("done", "dropped")
        return {
            **{name: one[name] for name in names},
            "owner": one["owner"]["name"] if one["owner"] else None,
            "late": late and parse_stated(one["end_date"]).date < self.today,
        }

    def means(self) -> list[View]:
        """What was planned, and what of it was deployed; the one without the other has only the first."""
        rows = self.connection.all(cycle_statements.MEANS_OF_PLAN, plan_id=self.plan_id)
        found = evaluation.capacity(row for row in rows if row["activity_id"] in self.shown and not self.means_hidden)
        if not self.deployed_hidden:
            return found
        return [{name: one[name] for name in ("year", "kind", "planned", "assumed")} for one in found]

    def informed(self) -> list[View]:
        """Who is told of the progress, when and how, and with what proof; there is none before a report was sent."""
        proof = proofs(self.connection, self.plan_id)
        return [
            {
                "recipient": one["party"]["name"],
                "date": one["due_date"],
                "method": one["method"],
                "passed": date.fromisoformat(one["due_date"]) < self.today,
                "proof": proof.get(one["information_id"]),
                "assumed": one["assumed"],
            }
            for one in self.view["information"]
            if one["status"] not in ("cancelled", "withheld")
        ]

    def involved(self) -> list[View]:
        content = () if self.audience == "public" else ("content",)
        names = ("held_on", "mode", "party_name", "party_assumed", "assumed", *content)
        if self.partners_hidden:
            return []
        mine = [one for one in partners.sessions(self.connection) if one["plan_id"] == self.plan_id]
        return [{name: one[name] for name in names} for one in mine]

    def reactions(self) -> View:
        """How many partners said something back and were answered; the words only within the house and above it."""
        every = [] if self.partners_hidden else partners.reactions(self.connection)
        mine = [one for one in every if one["plan_id"] == self.plan_id]
        names = ("received_on", "party_name", "party_assumed", "text", "answer")
        return {
            "received": len(mine),
            "answered": sum(not one["open"] for one in mine),
            "said": [{name: one[name] for name in names} for one in mine]
            if self.audience in ("internal", "authority")
            else [],
        }

    def next(self) -> list[View]:
        """What falls due of the plan, soonest first."""
        names = ("what", "evaluation", "late", "held", "trigger")
        return [
            {**{name: one[name] for name in names}, "by": self.day(one["by"])}
            for one in upcoming(self.connection, self.now, None, self.plan_id)
            # When others are informed stands under who is informed.
            if one["what"] != "information"
        ]

    def day(self, instant: str | None) -> str | None:
        return day_of(instant, self.zone)
