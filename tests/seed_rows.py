"""What a seeded installation holds besides its people, as rows: parties, a programme, a plan, its evaluations."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from pdca.plans import deadlines
from pdca.plans.take_over import as_row
from pdca.store.jsontext import to_json
from pdca.store.rows import Change, insert
from workflows import definition as definitions
from workflows.instants import to_text
from workflows.schedule import due_instant

# kind, discipline, escalation
PARTIES: Final[Mapping[str, tuple[str, str | None, str | None]]] = {
    "prevention": ("function", "prevention", None),
    "investigation": ("function", "investigation", None),
    "transport": ("partner", None, None),
    "chief": ("function", None, "chief"),
    "council": ("authority", None, "authority"),
}


def surroundings(now: datetime, known_at: datetime) -> list[Change]:
    """Parties, a programme and its objectives, and an indicator whose target was known at an instant."""
    today = now.date()
    period = {"period_start": today.isoformat(), "period_end": (today + timedelta(days=730)).isoformat()}
    parties = [
        insert(
            "party",
            {"party_id": name},
            kind=kind,
            name=to_json({"en": name.capitalize()}),
            discipline=discipline,
            discipline_assumed=0,
            escalation=escalation,
            assumed=0,
        )
        for name, (kind, discipline, escalation) in PARTIES.items()
    ]
    definition = {"definition": "zvp", "definition_version": 1}
    objective = {"programme_id": "zvp-test", "position": 1, "internal": 0, "assumed": 0}
    return [
        as_row(definitions.load("zvp")),
        *parties,
        insert(
            "programme",
            {"programme_id": "zvp-test"},
            title=to_json({"en": "Plan"}),
            status="approved",
            assumed=0,
            **period,
            **definition,
        ),
        insert(
            "objective",
            {"objective_id": "SD1"},
            parent_id=None,
            level="strategic_objective",
            title=to_json({"en": "Safe streets"}),
            disposition="retained",
            **objective,
        ),
        insert(
            "objective",
            {"objective_id": "OD1.1"},
            parent_id="SD1",
            level="operational_objective",
            title=to_json({"en": "Fewer thefts"}),
            disposition="candidate",
            **objective,
        ),
        insert(
            "indicator",
            {"indicator_id": "thefts"},
            title=to_json({"en": "Thefts"}),
            unit=to_json({"en": "facts"}),
            kind="objective",
            assumed=0,
        ),
        insert(
            "target",
            {"indicator_id": "thefts", "number": 1},
            direction="down",
            known_at=to_text(known_at),
            recorded_at=to_text(known_at),
            assumed=0,
        ),
    ]


def of_plan(plan_id: str, title: Mapping[str, str], now: datetime, zone: str) -> list[Change]:
    """A plan that lacks nothing but its approval and its evaluations; its own row is the first."""
    definition = definitions.load("zvp")
    today = now.date()
    end = today + timedelta(days=730)
    head = insert(
        "plan",
        {"plan_id": plan_id},
        slug=f"plan-{plan_id.lower()}",
        programme_id="zvp-test",
        objective_id="OD1.1",
        title=to_json(dict(title)),
        lead_id="prevention",
        state=definition.initial,
        state_since=to_text(now),
        cycle=1,
        period_start=today.isoformat(),
        period_end=end.isoformat(),
        zone=zone,
        definition=definition.id,
        definition_version=definition.version,
        mmm=0,
    )
    key = {"plan_id": plan_id}
    rubrics = [
        insert("rubric", {**key, "rubric_id": rubric.id}, text=to_json({"en": "As agreed."}), revision=1, assumed=0)
        for rubric in definition.rubrics
    ]
    member = insert("group_member", {**key, "party_id": "investigation"}, position=1, role="member")
    activity = insert(
        "activity",
        {"activity_id": f"{plan_id}/A1"},
        plan_id=plan_id,
        position=1,
        title=to_json({"en": "Patrols"}),
        owner_id="investigation",
        rubric_id="repressief",
        start_date=today.isoformat(),
        end_date=end.isoformat(),
        status="planned",
        assumed=0,
    )
    means = insert(
        "means", {"activity_id": f"{plan_id}/A1", "year": today.year, "kind": "hours"}, planned="120", assumed=0
    )
    information = insert(
        "information_moment",
        {"information_id": f"I-{plan_id.removeprefix('P-')}"},
        plan_id=plan_id,
        party_id="transport",
        stated_date=end.isoformat(),
        due_date=end.isoformat(),
        method=to_json({"en": "note"}),
        assumed=0,
    )
    measured = insert(
        "plan_indicator", {**key, "indicator_id": "thefts"}, position=1, baseline="40", baseline_assumed=0
    )
    waiting = deadlines.of_state({**head.key, **head.set}, definition, definition.initial, now, 1)
    return [head, *rubrics, member, activity, means, information, measured, *waiting]


def of_evaluation(plan_id: str, evaluation_id: str, day: date, zone: str) -> list[Change]:
    """An evaluation to come on a local day, and its deadline."""
    due_at = to_text(due_instant(day, time(9), zone))
    row = insert(
        "evaluation",
        {"evaluation_id": evaluation_id},
        plan_id=plan_id,
        kind="interim",
        stated_date=day.isoformat(),
        due_date=day.isoformat(),
        due_at=due_at,
        first_due_at=due_at,
        status="planned",
        assumed=0,
    )
    return [row, deadlines.of_evaluation({**row.key, **row.set})]
