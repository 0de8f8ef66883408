"""By what a plan is reminded, how long it may be late, and who is told then: what holds, and every decision on it."""

from typing import Any

from pdca import methods
from pdca.plans.reminding import GRACE, terms_of
from pdca.store.driver import Connection, Row
from pdca.store.reads import plans, reminding
from workflows.method import WorkflowDefinition

View = dict[str, Any]


def reminding_of(connection: Connection, plan_id: str) -> View:
    """Give what holds for a plan with whence it comes (the decision or the method), and the decisions, newest last."""
    plan = connection.one(plans.PLAN, plan_id=plan_id) or {}
    decisions = connection.all(reminding.DECISIONS, plan_id=plan_id)
    terms, method = terms_of(decisions[-1] if decisions else None), methods.of_plan(connection, plan)
    holds = terms.over(method)
    return {
        "plan": plan_id,
        "holds": {
            "lead_days": {"value": list(holds.evaluation.reminders), "from": _from(terms.lead_days)},
            "grace_days": {
                kind: {"value": days, "from": _from((terms.grace_days or {}).get(kind))}
                for kind, days in _grace(holds).items()
            },
            "ladder": {
                "value": [step._asdict() for step in holds.ladder],
                "from": _from(terms.ladder),
            },
        },
        "decisions": [_decision(row) for row in decisions],
    }


def taken_up(connection: Connection, plan_id: str, evaluation_id: str) -> list[View]:
    """List who took up an evaluation that was overdue, the oldest first."""
    return [
        {**_person(row), "at": row["at"], "until": row["until"], "reason": row["reason"], "what": row["kind"]}
        for row in connection.all(reminding.ACKNOWLEDGEMENTS, plan_id=plan_id)
        if row["evaluation_id"] == evaluation_id
    ]


def taken_up_now(connection: Connection) -> dict[str, Row]:
    """Give, by evaluation, the last acknowledgement of what is overdue of it."""
    return {row["evaluation_id"]: row for row in connection.all(reminding.ACKNOWLEDGED_EVALUATIONS)}


def _grace(method: WorkflowDefinition) -> dict[str, int]:
    days = {state.deadline.kind: state.deadline.days for state in method.states if state.deadline}
    return {kind: days[kind] for kind in GRACE if kind in days}


def _from(decided: object) -> str:
    return "method" if decided is None else "decision"


def _decision(row: Row) -> View:
    terms = terms_of(row)
    return {
        "number": row["number"],
        "decided_on": row["decided_on"],
        "decided_by": row["decided_by"],
        **({} if row["decided_by"] is None else _person(row)),
        "recorded_at": row["recorded_at"],
        "reason": row["reason"],
        "lead_days": None if terms.lead_days is None else list(terms.lead_days),
        "grace_days": None if terms.grace_days is None else dict(terms.grace_days),
        "ladder": None if terms.ladder is None else [step._asdict() for step in terms.ladder],
    }


def _person(row: Row) -> View:
    return {"person_name": row["person_name"], "assumed": bool(row["person_assumed"])}
