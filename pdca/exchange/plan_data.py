"""A stored plan as a file holds it: `plan_rows` the other way round."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pdca.exchange import plan_rows, prediction
from pdca.exchange.plan_records import EvaluationsWithheld
from pdca.exchange.stored import Stored
from pdca.exchange.wording import Data, Wording, handle_of, in_reading_order, number, said, sourced
from pdca.plans.reminding import GRACE, terms_of
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from workflows.method import WorkflowDefinition


class PlanData:
    """Writes plans as files in a language hold them; `slugs` gives the id in a file of each plan."""

    def __init__(self, stored: Stored, wording: Wording, slugs: Mapping[str, str]) -> None:
        self._stored = stored
        self._wording = wording
        self._slugs = slugs

    def plan(self, row: Row, definition: WorkflowDefinition) -> Data:
        """Give one plan with all that is written about it."""
        plan_id = row["plan_id"]
        handovers = (from_json(row["details"]) or {}).get("handovers")
        return said(
            {
                "id": row["slug"],
                "title": self._wording.stored(row["title"]),
                "period": {"from": row["period_start"], "to": row["period_end"]},
                **sourced(row),
                "lead": row["lead_id"],
                "handovers": handovers,
                "group": [_member(one) for one in self._ordered("group_member", plan_id)],
                "group_by": row["group_due_date"],
                "mmm": bool(row["mmm"]),
                "restricted": bool(row["restricted"]),
                "evaluations_withheld": _by_part(from_json(row["evaluations_withheld"]) or {}),
                "follows": self._slugs[row["follows_id"]] if row["follows_id"] else None,
                "perimeter": _perimeter(from_json(row["perimeter"])),
                "phenomena": [self._phenomenon(one) for one in from_json(row["phenomena"]) or ()],
                "axes": [self._wording.worded(axis, "title") for axis in from_json(row["axes"]) or ()],
                "rubrics": self._rubrics(plan_id, definition),
                "objectives": [self._objective(one) for one in self._ordered("plan_objective", plan_id)],
                "activities": [self._activity(one) for one in self._ordered("activity", plan_id)],
                "indicators": [_indicator(one) for one in self._ordered("plan_indicator", plan_id)],
                "prediction": prediction.written(self._stored, row, definition),
                "schedules": [self._decision(one) for one in self._stored.of("schedule", "plan_id", plan_id)],
                "reminders": [self._reminding(one) for one in self._stored.of("reminding", "plan_id", plan_id)],
                "evaluations": self._evaluations(plan_id),
                "information_schedules": [
                    self._informing_decision(one) for one in self._stored.of("information_schedule", "plan_id", plan_id)
                ],
                "information": self._informing(plan_id),
                "sessions": [_session(row) for row in self._numbered("involvement", plan_id)],
                "reactions": [_reaction(row) for row in self._numbered("reaction", plan_id)],
            }
        )

    def _ordered(self, table: str, plan_id: str) -> list[Row]:
        return sorted(self._stored.of(table, "plan_id", plan_id), key=lambda row: row["position"])

    def _numbered(self, table: str, plan_id: str) -> list[Row]:
        """Give rows whose ids end in a number in the order of that: P-001/S9 before P-001/S10."""
        (key,) = FOLDED[table].key
        return sorted(self._stored.of(table, "plan_id", plan_id), key=lambda row: (len(row[key]), row[key]))

    def _phenomenon(self, stored: Data) -> str | Data:
        return in_reading_order(stored) if "phenomenon" in stored else self._wording.statement(stored)

    def _rubrics(self, plan_id: str, definition: WorkflowDefinition) -> Data:
        rows = {row["rubric_id"]: row for row in self._stored.of("rubric", "plan_id", plan_id)}
        names = [rubric.id for rubric in definition.rubrics]
        return {name: self._rubric(rows[name]) for name in names if name in rows and _filled(rows[name])}

    def _rubric(self, row: Row) -> str | Data:
        found = said(
            {
                "text": self._wording.stored(row["text"]),
                "not_applicable": self._wording.stored(row["not_applicable"]),
                "withheld_from": from_json(row["withheld_from"]),
                **sourced(row),
            }
        )
        text: str | Data = found["text"] if found.keys() == {"text"} else found
        return text

    def _objective(self, row: Row) -> Data:
        title = self._wording.stored(row["title"])
        return said({"id": _own(row["objective_id"]), "title": title, **sourced(row)})

    def _activity(self, row: Row) -> Data:
        return said(
            {
                "id": _own(row["activity_id"]),
                "title": self._wording.stored(row["title"]),
                "owner": row["owner_id"],
                "start": row["start_date"],
                "end": row["end_date"],
                "status": row["status"] if row["status"] != "planned" else None,
                "rubric": row["rubric_id"],
                "after": [_own(one) for one in from_json(row["depends_on"]) or ()],
                "axis": row["axis"],
                "indicator": row["indicator_id"],
                "result": number(row["result"]),
                "objective": _own(row["objective_id"]) if row["objective_id"] else None,
                **sourced(row),
                "steps": [self._wording.statement(step) for step in from_json(row["steps"]) or ()],
                "means": [_means(one) for one in self._stored.of("means", "activity_id", row["activity_id"])],
            }
        )

    def _evaluations(self, plan_id: str) -> list[Data]:
        rows = sorted(
            self._stored.of("evaluation", "plan_id", plan_id), key=lambda row: (row["stated_date"], row["kind"])
        )
        return [self._evaluation(row) for row in rows]

    def _decision(self, row: Row) -> Data:
        lists = {name: from_json(row[name]) for name in ("dates", "rules", "exceptions")}
        return {
            "number": Decimal(row["number"]),
            "decided": row["decided_on"],
            **said({"by": self._handle(row["decided_by"])}),
            "reason": row["reason"],
            "kind": row["kind"],
            "from": row["start"],
            **said({"to": row["until"]}),
            "time": row["time"],
            "zone": row["zone"],
            **said(lists),
            "anchor": row["anchor"],
            "roll": row["roll"],
        }

    def _reminding(self, row: Row) -> Data:
        terms = terms_of(row)
        grace = {kind: Decimal((terms.grace_days or {})[kind]) for kind in GRACE if kind in (terms.grace_days or {})}
        return {
            "number": Decimal(row["number"]),
            "decided": row["decided_on"],
            **said({"by": self._handle(row["decided_by"])}),
            "reason": row["reason"],
            **said(
                {
                    "days": [Decimal(days) for days in terms.lead_days or ()],
                    "no_reminders": terms.lead_days == (),
                    "grace": grace,
                    "ladder": [{"after": Decimal(one.after_days), "to": one.to} for one in terms.ladder or ()],
                }
            ),
        }

    def _informing_decision(self, row: Row) -> Data:
        lists = {name: from_json(row[name]) for name in ("dates", "rules", "exceptions")}
        return {
            "number": Decimal(row["number"]),
            "party": row["party_id"],
            "method": row["method"],
            **said({name: bool(row[name]) for name in ("by_itself", "although_restricted")}),
            "grace_days": Decimal(row["grace_days"]),
            "decided": row["decided_on"],
            **said({"by": self._handle(row["decided_by"])}),
            "reason": row["reason"],
            "from": row["start"],
            **said({"to": row["until"]}),
            "time": row["time"],
            "zone": row["zone"],
            **said(lists),
            "roll": row["roll"],
        }

    def _handle(self, person_id: str | None) -> str | None:
        row = self._stored.row("person", person_id) if person_id else None
        return handle_of(row) if row else None

    def _evaluation(self, row: Row) -> Data:
        published: Data = from_json(row["published"]) or {}
        return said(
            {
                "date": row["stated_date"],
                "kind": row["kind"],
                "schedule": Decimal(row["schedule_number"]) if row["schedule_number"] else None,
                "falls": plan_rows.falls(row, self._zone(row)),
                "moved": in_reading_order(from_json(row["moved"]) or {}),
                "cancelled": row["status"] == "cancelled",
                "planned": published.get("planned"),
                "findings": self._wording.statements(published.get("findings")),
                "adjust": self._wording.statements(published.get("adjust")),
                **sourced(row),
            }
        )

    def _zone(self, row: Row) -> str:
        """In which time zone the day of an evaluation is meant."""
        decision = self._stored.row("schedule", row["plan_id"], row["schedule_number"])
        return str((decision or self._stored.row("plan", row["plan_id"]) or {})["zone"])

    def _method(self, stored: str) -> str | Data | None:
        method = from_json(stored)
        return method if isinstance(method, str) else self._wording.stored(stored)

    def _falls(self, row: Row) -> str | None:
        if row["schedule_number"] is None:
            return None
        decision = self._stored.row("information_schedule", row["plan_id"], row["schedule_number"]) or {}
        return plan_rows.falls(row, decision["zone"])

    def _informing(self, plan_id: str) -> list[Data]:
        rows = sorted(
            self._stored.of("information_moment", "plan_id", plan_id),
            key=lambda row: (row["stated_date"], row["party_id"], row["method"]),
        )
        return [
            said(
                {
                    "to": row["party_id"],
                    "date": row["stated_date"],
                    "method": self._method(row["method"]),
                    "schedule": Decimal(row["schedule_number"]) if row["schedule_number"] else None,
                    "falls": self._falls(row),
                    "moved": in_reading_order(from_json(row["moved"]) or {}),
                    "cancelled": row["schedule_number"] is not None and row["status"] == "cancelled",
                    **sourced(row),
                }
            )
            for row in rows
        ]


def _filled(row: Row) -> bool:
    return row["text"] is not None or row["not_applicable"] is not None


def _by_part(withheld: Data) -> Data:
    return {part: withheld[part] for part in EvaluationsWithheld.model_fields if part in withheld}


def _own(name: str) -> str:
    """Give what is called P-001/A1 among all as its plan calls it."""
    return name.partition("/")[2]


def _member(row: Row) -> str | Data:
    role = row["role"] if row["role"] != "member" else None
    found = said({"party": row["party_id"], "role": role, "from": row["from_date"], "until": row["until_date"]})
    return found if len(found) > 1 else str(row["party_id"])


def _indicator(row: Row) -> str | Data:
    baseline = said(
        {
            "value": number(row["baseline"]),
            "period": row["baseline_period"],
            "missing": row["baseline_missing"],
            "assumed": bool(row["baseline_assumed"]),
        }
    )
    return {"id": row["indicator_id"], "baseline": baseline} if baseline else str(row["indicator_id"])


def _means(row: Row) -> Data:
    return {
        "year": row["year"],
        row["kind"]: number(row["planned"]),
        **said({"deployed": number(row["deployed"]), "shortfall": row["shortfall_reason"], **sourced(row)}),
    }


def _session(row: Row) -> Data:
    return said(
        {
            "id": _own(row["involvement_id"]),
            "party": row["party_id"],
            "mode": row["mode"],
            "date": row["held_on"],
            "content": row["content"],
            "attendees": from_json(row["attendees"]),
            **sourced(row),
        }
    )


def _reaction(row: Row) -> Data:
    return said(
        {
            "id": _own(row["reaction_id"]),
            "party": row["party_id"],
            "received": row["received_on"],
            "text": row["text"],
            "answer": row["answer"],
        }
    )


def _perimeter(stored: Any) -> Any:  # noqa: ANN401 - a list of places or a mapping
    if not stored:
        return None
    if stored.keys() == {"places"}:
        return stored["places"]
    drawn = {"geojson": in_reading_order(stored["geojson"])} if "geojson" in stored else {}
    return in_reading_order({**stored, **drawn})
