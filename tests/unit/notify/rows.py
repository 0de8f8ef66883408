"""Rows of the outbox as `reads.notifications.DUE` gives them, and the parameters that each kind comes with."""

from collections.abc import Mapping
from typing import Any, Final

from pdca.store.driver import Row
from pdca.store.jsontext import to_json
from workflows.definition import load

INSTALLATION: Final[Row] = {
    "organisation_id": "pz-test",
    "name": '{"nl":"Politiezone Test"}',
    "language": "nl",
    "simulated": 0,
}
PROGRAMME: Final = "zvp-2020-2025"
TITLE: Final = {"nl": "Straatcriminaliteit", "fr": "Criminalité de rue", "en": "Street crime"}

_ENFORCED: Final = {"evaluation": "E-012", "due_at": "2024-10-31T08:00:00.000000Z", "zone": "Europe/Brussels"}
_SINCE: Final = {
    "since": "2024-11-14T08:00:00.000000Z",
    "step": 2,
    "next_at": "2024-11-28T08:00:00.000000Z",
    "next_to": "chief",
}
_FOLLOWING: Final = {"following": "2025-04-30"}
_APPROVED: Final = {"purpose": "start", "approved_at": "2024-10-30T08:00:00.000000Z"}
_FOLLOWED: Final = {"follow_up": "P-004/F1", "text": "De buren horen.", "due": "2024-10-31", "state": "do"}
_INFORMING: Final = {
    "report": "R-003",
    "party": {"nl": "Vervoersmaatschappij", "fr": "Société de transport", "en": "Transport company"},
    "method": "mail",
    "due": "2024-10-31",
}
_OF_PROGRAMME: Final = {"programme": PROGRAMME, "evaluation": f"{PROGRAMME}/final"}
_NEXT: Final = {"step": 1, "next_at": "2024-11-28T08:00:00.000000Z", "next_to": "group"}
_ASIDE: Final = {"deadline": "P-004/record/7", "due_at": "2024-10-31T08:00:00.000000Z", "reason": "KeyError: 'nowhere'"}
_MOVED: Final = {"evaluation": "E-012", "due": "2024-10-31", "to_date": "2024-12-01"}
_PUT_OFF: Final = {
    **_OF_PROGRAMME,
    "due": "2024-10-31",
    "to_date": "2024-12-01",
    "reason": "De raad komt pas in december samen.",
}

# kind of phrases -> the parameters that the engine writes down for it
PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "evaluation.reminded": {**_ENFORCED, "state": "do"},
    "evaluation.reminded/not_started": {**_ENFORCED, "state": "plan", "because": "not_started"},
    "evaluation.reminded/previous_not_concluded": {
        **_ENFORCED,
        "state": "check",
        "because": "previous_not_concluded",
    },
    **{
        f"evaluation.invited/{what}": {
            **_ENFORCED,
            "state": "do",
            "restricted": False,
            "what": what,
            "person": "U-002",
            "sequence": sequence,
        }
        for sequence, what in enumerate(("invited", "moved", "withdrawn"))
    },
    "evaluation.opened": {"from": "do", "to": "check", "evaluation": "E-012", "due": "2024-10-31"},
    "evaluation.recorded": {"evaluation": "E-012", "verdict": "ineffective"},
    "evaluation.extension_asked": _MOVED,
    "evaluation.extended": _MOVED,
    "evaluation.announced": {"evaluation": "E-012", "due": "2024-10-31"},
    "evaluation.announced/instead": {
        "evaluation": "E-012",
        "due": "2024-10-31",
        "before": "2024-09-30",
        "because": "instead",
    },
    "schedule.set": {
        "due": "2024-10-31",
        "days": ["2024-10-31", "2025-04-30"],
        "more": False,
        "reason": "Elk half jaar.",
    },
    "schedule.rerolled": {"due": "2024-10-31", "days": ["2024-10-31", "2025-04-30"], "more": True},
    "evaluation.extension_withdrawn": _MOVED,
    "evaluation.missed/one_with_previous": {
        **_ENFORCED,
        "state": "check",
        "because": "one_with_previous",
        **_FOLLOWING,
        "opened_at": "2024-11-02T08:00:00.000000Z",
    },
    "followup.due": {**_FOLLOWED, **_NEXT},
    "followup.overdue": {**_FOLLOWED, **_NEXT},
    "information.set": {**_INFORMING, "reason": "Elk half jaar."},
    "information.set/ended": {"party": _INFORMING["party"], "because": "ended", "reason": "Niet meer nodig."},
    "information.prepared": _INFORMING,
    "information.report": {**_INFORMING, "language": "nl", "hashes": {"nl": "a" * 64, "fr": "b" * 64}},
    "information.withheld": _INFORMING,
    "information.overdue/prepared": {**_INFORMING, **_SINCE, "what": "prepared"},
    "information.overdue/approved": {**_INFORMING, **_SINCE, "what": "approved"},
    "information.overdue/sent": {**_INFORMING, **_SINCE, "what": "sent"},
    "programme.evaluation_due": {**_OF_PROGRAMME, **_NEXT, "due": "2024-10-31", "next_to": "authority"},
    "programme.evaluation_overdue": {**_OF_PROGRAMME, "due": "2024-10-31", "step": 2, "next_at": None},
    "programme.evaluation_moved": {**_OF_PROGRAMME, "due": "2024-10-31", "reason": "De raad wil het vroeger."},
    "programme.evaluation_extension_asked": _PUT_OFF,
    "programme.evaluation_extension_withdrawn": _PUT_OFF,
    "programme.evaluation_extended": _PUT_OFF,
    "deadline.set_aside": _ASIDE,
    "deadline.set_aside/programme_evaluation": {**_OF_PROGRAMME, **_ASIDE, "what": "programme_evaluation"},
    "evaluation.missed/not_started": {**_ENFORCED, **_FOLLOWING, "state": "plan", "because": "not_started"},
    "evaluation.missed/previous_not_concluded": {
        **_ENFORCED,
        "state": "check",
        "because": "previous_not_concluded",
        "following": None,
    },
    "evaluation.overdue/record": {**_ENFORCED, **_SINCE, "state": "check", "what": "record"},
    "evaluation.overdue/missed": {**_ENFORCED, **_SINCE, **_FOLLOWING, "state": "adjust", "what": "missed"},
    "plan.overdue/start": {**_ENFORCED, **_SINCE, "state": "plan", "what": "start", "evaluation": None},
    "plan.overdue/group": {**_ENFORCED, **_SINCE, "state": "plan", "what": "group", "evaluation": None},
    "plan.approval_asked": {"purpose": "start", "reason": "Het plan is klaar."},
    "plan.approved": {"purpose": "start", "reason": "Het plan is af."},
    "plan.migrated": {"version": 2, "reason": "De nieuwe rubrieken gelden."},
    "plan.migrated/method": {"method": "eigen@1", "because": "method", "reason": "Eigen regels."},
    "approval.voided": _APPROVED,
    "approval.voided/named": {**_APPROVED, "because": "named"},
    "approval.outdated": _APPROVED,
    "approval.outdated/named": {**_APPROVED, "because": "named"},
    "plan.overdue/watch": {
        **_ENFORCED,
        **_SINCE,
        "state": "daily_operations",
        "what": "watch",
        "evaluation": None,
    },
    "plan.overdue/decide": {**_ENFORCED, **_SINCE, "state": "adjust", "what": "decide"},
    "plan.advanced": {"from": "check", "to": "adjust", "reason": "Wij gaan door."},
    "plan.advanced/ended": {"from": "adjust", "to": "closed", "reason": "Doel bereikt."},
    "plan.advanced/watch": {"from": "adjust", "to": "daily_operations", "reason": "Dagelijks werk."},
    "plan.watch_due": {**_ENFORCED, "state": "daily_operations", "watch": "De zomercijfers", "evaluation": None},
}

# the deadline that the event itself set
DEADLINES: Final[Mapping[str, tuple[str, str]]] = {
    "evaluation.opened": ("record", "2024-11-14T08:00:00.000000Z"),
    "evaluation.recorded": ("decide", "2024-11-30T08:00:00.000000Z"),
    "plan.advanced": ("decide", "2024-11-30T08:00:00.000000Z"),
    "plan.advanced/watch": ("watch", "2025-05-01T07:00:00.000000Z"),
}


def row(
    phrases: str,
    *,
    why: str = "lead",
    language: str = "en",
    parameters: Mapping[str, Any] | None = None,
    **columns: object,
) -> Row:
    """Make a row for one of the kinds in PARAMETERS; `parameters` and `columns` replace some of what is usual."""
    of_plan = "programme" not in PARAMETERS[phrases]
    named = {"plan": "P-004"} if of_plan else {}
    facts = {**named, "title": TITLE, **PARAMETERS[phrases], **(parameters or {})}
    deadline = DEADLINES.get(phrases, (None, None))
    return {
        "notification_id": "P-004.17.1",
        "stream": "P-004",
        "seq": 17,
        "kind": phrases.partition("/")[0],
        "plan_id": "P-004" if of_plan else None,
        "evaluation_id": facts.get("evaluation"),
        "person_id": "U-002",
        "why": why,
        "parameters": to_json(facts),
        "created_at": "2024-10-31T08:00:00.000000Z",
        "status": "pending",
        "attempts": 0,
        "person_name": "Sofie Peeters",
        "email": "sofie@zone.example",
        "language": language,
        "actor_name": "Marc Dubois",
        "plan_zone": "Europe/Brussels",
        "plan_assumed": 0,
        "definition_text": load("zvp").text if of_plan else None,
        "deadline_kind": deadline[0],
        "deadline_since": deadline[1],
        "extension_reason": "Het jaarverslag is niet klaar." if of_plan and "exten" in phrases else None,
        "checkpoint_number": None,
        "checkpoint_note": None,
        **columns,
    }
