"""Plans that satisfy every guard, from which a test takes away what it is about."""

from datetime import UTC, date, datetime

from workflows.facts import ActivityFacts, ApprovalFacts, EvaluationFacts, Facts, Member

NOW = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)
RUBRICS = (
    "definitie",
    "analyse",
    "preventief",
    "repressief",
    "slachtoffers",
    "communicatie",
    "middelen",
    "partners",
)


def activity(**changes: object) -> ActivityFacts:
    """A complete activity, changed as told."""
    whole = ActivityFacts(
        "P-001/A1", "Patrols", "operations", date(2024, 3, 1), date(2024, 6, 30), means=True, rubric="repressief"
    )
    return whole._replace(**changes)  # type: ignore[arg-type]


def evaluation(**changes: object) -> EvaluationFacts:
    """A completely recorded evaluation, changed as told."""
    whole = EvaluationFacts(
        "E-001",
        "effective",
        process=True,
        effect=True,
        attribution=True,
        evidence=True,
        deployed=True,
        recorded_by="an",
        recorded_by_owner=False,
    )
    return whole._replace(**changes)  # type: ignore[arg-type]


def ready(state: str = "plan", /, **changes: object) -> Facts:
    """A plan in `state` to which every trigger of that state is open to its lead, changed as told."""
    whole = Facts(
        plan="P-001",
        state=state,
        now=NOW,
        trigger="start",
        resume_state="do" if state == "suspended" else None,
        actor_roles=frozenset({"lead"}),
        reason="The group decided so.",
        objective="OD1.1",
        retained=True,
        rubrics_filled=frozenset(RUBRICS),
        members=(Member("chief", "strategy", lead=True), Member("prosecutor", "justice")),
        activities=(activity(),),
        indicators=("drug_facts",),
        next_evaluation=datetime(2024, 9, 1, 7, 0, tzinfo=UTC),
        next_evaluation_id="E-002",
        information_moments=1,
        informed_last=date(2024, 5, 1),
        mmm=True,
        perimeter=("Peterbos",),
        phenomena=("drugs", "noise"),
        partner_organisations=2,
        approvals=tuple(ApprovalFacts(trigger) for trigger in ("start", "close", "embed")),
        evaluation=evaluation(),
        watch="pickpocketing",
        watch_again=date(2025, 1, 1),
    )
    return whole._replace(**changes)  # type: ignore[arg-type]
