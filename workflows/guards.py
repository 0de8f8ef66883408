"""The guards: pure predicates over the facts of a plan, each returning what is missing, one need per missing thing."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from workflows.facts import EvaluationFacts, Facts
from workflows.method import Transition, WorkflowDefinition
from workflows.need import EDIT, N_, RECORD, Need, Param, blank
from workflows.worked_out import (
    activities,
    baseline,
    indicators,
    information_schedule,
    means,
    mmm,
    objective_retained,
    partners_trained,
    project_group,
    rubrics,
)

__all__ = ["GUARDS", "N_", "Guard", "Need", "given_motive", "incomplete"]

Guard = Callable[[Facts, WorkflowDefinition], tuple[Need, ...]]

_ADVANCE: Final = "pdca plan advance %(plan)s --trigger %(trigger)s --reason …"


def evaluation_available(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """There is a planned evaluation moment, past or future, that can be opened (clause 17)."""
    if facts.next_evaluation is not None:
        return ()
    return (
        Need(
            "no-evaluation-moment",
            N_("No evaluation moment is planned."),
            {"plan": facts.plan},
            N_("Let the project group set a definite evaluation moment."),
            EDIT,
        ),
    )


def future_evaluation(facts: Facts, definition: WorkflowDefinition) -> tuple[Need, ...]:
    """The next planned evaluation moment lies in the future (clauses 17, 18)."""
    if facts.next_evaluation is None:
        return evaluation_available(facts, definition)
    if facts.next_evaluation > facts.now:
        return ()
    local = facts.next_evaluation.astimezone(ZoneInfo(facts.zone))
    return (
        Need(
            "evaluation-moment-past",
            N_("The evaluation planned for %(moment)s (%(zone)s) is not in the future."),
            {
                "plan": facts.plan,
                "moment": local.strftime("%Y-%m-%d %H:%M"),
                "zone": facts.zone,
                "evaluation": facts.next_evaluation_id or "",
            },
            N_("Let the project group set an evaluation moment in the future."),
            EDIT,
        ),
    )


def motive(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """The decision states its reason."""
    which: dict[str, Param] = {"plan": facts.plan, "trigger": facts.trigger or ""}
    return tuple(need._replace(params=which, command=_ADVANCE) for need in given_motive(facts.reason))


def given_motive(reason: str | None, command: str = "", **which: Param) -> tuple[Need, ...]:
    """A motive is given; also asked of decisions that are no step of the plan, which are taken by a `command`."""
    if not blank(reason):
        return ()
    return (Need("no-motive", N_("No motive is given."), which, N_("State why this is decided."), command),)


def evaluation_recorded(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """The open evaluation is complete and recorded by somebody other than the plan's owner (clauses 28-31)."""
    evaluation = facts.evaluation
    if evaluation is None:
        return (
            Need(
                "no-open-evaluation",
                N_("No evaluation is open in cycle %(cycle)d."),
                {"plan": facts.plan, "cycle": facts.cycle},
                N_("Open the evaluation first."),
                "pdca plan why-not %(plan)s",
            ),
        )
    return incomplete(evaluation)


def incomplete(evaluation: EvaluationFacts) -> tuple[Need, ...]:
    """What is missing in the record of an evaluation; also asked before it is recorded."""
    which: dict[str, Param] = {"evaluation": evaluation.evaluation}
    unaccounted = tuple(
        Need(
            "indicator-unaccounted",
            N_("Evaluation %(evaluation)s: indicator “%(indicator)s” has no measurement and no reason why not."),
            {**which, "indicator": indicator},
            N_(
                "Record it with `pdca indicator record`, for a period that ended in this cycle; or name it in the "
                "evaluation with --indicator, with a value or the reason why there is none."
            ),
            f"{RECORD} --indicator %(indicator)s=…",
        )
        for indicator in evaluation.indicators_unaccounted
    )
    missing = tuple(Need(code, text, which, hint, RECORD) for code, text, hint in _missing_parts(evaluation))
    return missing + unaccounted


def _missing_parts(evaluation: EvaluationFacts) -> tuple[tuple[str, str, str], ...]:
    checks = (
        (
            blank(evaluation.recorded_by),
            "evaluation-not-recorded",
            N_("Evaluation %(evaluation)s is not recorded."),
            N_("Let somebody other than the owner of the plan record it."),
        ),
        (
            evaluation.recorded_by_owner,
            "evaluation-recorded-by-owner",
            N_("Evaluation %(evaluation)s was recorded by the owner of the plan."),
            N_("Let somebody other than the owner of the plan record it."),
        ),
        (
            blank(evaluation.verdict),
            "no-verdict",
            N_("Evaluation %(evaluation)s has no verdict."),
            N_("Record whether the plan was effective, ineffective or inconclusive."),
        ),
        (
            not evaluation.process,
            "no-process-findings",
            N_("Evaluation %(evaluation)s does not say how the plan was carried out."),
            N_("Record what was found of the process."),
        ),
        (
            not evaluation.effect,
            "no-effect-findings",
            N_("Evaluation %(evaluation)s does not say what the plan brought about."),
            N_("Record what was found of the effect."),
        ),
        (
            not evaluation.attribution,
            "no-attribution",
            N_("Evaluation %(evaluation)s does not say what the result is attributed to."),
            N_("Record what brought the result about."),
        ),
        (
            not evaluation.evidence,
            "no-evidence",
            N_("Evaluation %(evaluation)s does not say how it is known what the result is due to."),
            N_("Record the evidence, or that it is unclear what the result is due to."),
        ),
        (
            not evaluation.deployed,
            "no-deployed-capacity",
            N_("Evaluation %(evaluation)s does not state the deployed capacity."),
            N_("Record the means and people that were really deployed."),
        ),
    )
    return tuple((code, text, hint) for unmet, code, text, hint in checks if unmet)


def followups_answered(facts: Facts, definition: WorkflowDefinition) -> tuple[Need, ...]:
    """What an earlier cycle left to be followed up is answered: done, dropped, or carried over.

    A step that ends the plan asks it of all that is open: no cycle follows to which it could be left.
    """
    way = definition.routes.get(facts.state, {}).get(facts.trigger or "")
    if way is not None and "end" in way.effects:
        return tuple(
            Need(
                "follow-up-open",
                N_("%(follow_up)s, due on %(due)s, is not answered, and no cycle follows: %(title)s."),
                {"follow_up": one.follow_up, "due": one.due.isoformat(), "title": one.title.rstrip(".")},
                N_("Say whether it was done or is dropped, and why."),
                "pdca followup answer %(follow_up)s --done --reason …",
            )
            for one in facts.follow_ups_unanswered
        )
    return tuple(
        Need(
            "follow-up-unanswered",
            N_("%(follow_up)s of an earlier cycle, due on %(due)s, is not answered: %(title)s."),
            {"follow_up": one.follow_up, "due": one.due.isoformat(), "title": one.title.rstrip(".")},
            N_("Say whether it was done, is dropped, or is carried over, and why."),
            "pdca followup answer %(follow_up)s --done --reason …",
        )
        for one in facts.follow_ups_unanswered
        if one.cycle < facts.cycle
    )


def activities_decided(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """Of every activity that goes on it is decided whether it is adopted, adapted or abandoned."""
    return tuple(
        Need(
            "activity-undecided",
            N_("Of activity %(activity)s (%(title)s) it is not decided whether it is adopted, adapted or abandoned."),
            {"activity": one.activity, "title": one.title},
            N_("Decide it, and say why."),
            "pdca activity decide %(activity)s DECISION --reason …",
        )
        for one in facts.activities
        if not one.decided
    )


def watch(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """It is stated what is still watched in daily work, and a later day on which it is looked at again (clause 32)."""
    which: dict[str, Param] = {"plan": facts.plan, "trigger": facts.trigger or ""}
    command = f"{_ADVANCE} --watch … --again DATE"
    needs = []
    if blank(facts.watch):
        needs.append(
            Need(
                "no-watch",
                N_("It is not stated what is still watched."),
                which,
                N_("State the phenomenon or indicator that is followed in daily operations."),
                command,
            )
        )
    if facts.watch_again is None:
        needs.append(
            Need(
                "no-watch-date",
                N_("It is not stated when the matter is looked at again."),
                which,
                N_("Give a date after today."),
                command,
            )
        )
    elif facts.watch_again <= facts.today:
        needs.append(
            Need(
                "watch-date-past",
                N_("The day on which the matter is looked at again, %(date)s, is not after today."),
                {**which, "date": facts.watch_again.isoformat()},
                N_("Give a date after today."),
                command,
            )
        )
    return tuple(needs)


def approved(facts: Facts, definition: WorkflowDefinition) -> tuple[Need, ...]:
    """Somebody other than who wrote and who owns the plan approved this step for exactly this plan (four eyes)."""
    given = [approval for approval in facts.approvals if approval.purpose == facts.trigger]
    if any(approval.fits and not approval.own and not approval.by_owner for approval in given):
        return ()
    way = definition.routes.get(facts.state, {}).get(facts.trigger or "")
    which: dict[str, Param] = {
        "plan": facts.plan,
        "trigger": facts.trigger or "",
        "step": way.label if way else facts.trigger or "",
    }
    code, text, hint = (
        "not-approved",
        N_("Nobody has approved “%(step)s” of this plan as it is now."),
        N_("Let somebody approve it who neither wrote nor owns the plan."),
    )
    if any(approval.fits and not approval.by_owner for approval in given):
        code, text, hint = (
            "approved-by-self",
            N_("“%(step)s” was approved by the one who takes it, or on whose behalf it is taken."),
            N_("Let somebody else take the step, or approve it."),
        )
    elif any(approval.fits for approval in given):
        code, text, hint = (
            "approved-by-owner",
            N_("“%(step)s” was approved by somebody who leads the plan now, deputises, or acts for either."),
            N_("Let somebody approve it who neither wrote nor owns the plan."),
        )
    elif given:
        code, text, hint = (
            "approval-outdated",
            N_("The plan is not what was approved for “%(step)s” any more."),
            N_("Let it be approved as it is now."),
        )
    return (Need(code, text, which, hint, "pdca plan approve %(plan)s --for %(trigger)s --reason …"),)


GUARDS: Final[Mapping[str, Guard]] = MappingProxyType(
    {
        guard.__name__: guard
        for guard in (
            objective_retained,
            rubrics,
            project_group,
            activities,
            means,
            indicators,
            baseline,
            evaluation_available,
            future_evaluation,
            information_schedule,
            mmm,
            partners_trained,
            approved,
            motive,
            evaluation_recorded,
            followups_answered,
            activities_decided,
            watch,
        )
    }
)
"""The guards by the name that a definition uses."""

LOOKS_AT: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "objective_retained": frozenset({"objective", "retained"}),
        "rubrics": frozenset({"activities", "rubrics_filled", "rubrics_not_applicable"}),
        "project_group": frozenset({"members"}),
        "activities": frozenset({"activities"}),
        "means": frozenset({"activities"}),
        "indicators": frozenset({"indicators"}),
        "baseline": frozenset({"indicators_unbased"}),
        "evaluation_available": frozenset({"next_evaluation"}),
        "future_evaluation": frozenset({"next_evaluation", "next_evaluation_id"}),
        "information_schedule": frozenset({"information_moments", "informed_last"}),
        "mmm": frozenset({"mmm", "partner_organisations", "perimeter", "phenomena"}),
        "partners_trained": frozenset({"activities", "trained"}),
        "approved": frozenset({"approvals"}),
        "motive": frozenset({"reason"}),
        "evaluation_recorded": frozenset({"evaluation"}),
        "followups_answered": frozenset({"follow_ups_unanswered"}),
        "activities_decided": frozenset({"activities"}),
        "watch": frozenset({"watch", "watch_again"}),
    }
)
"""Which facts each guard looks at, besides those that place every step: plan, state, trigger, cycle and time.

Whoever asks whether one step may be taken need not read the others.
"""


def looked_at(ways: Iterable[Transition]) -> frozenset[str]:
    """Name the facts that the guards of these steps look at."""
    return frozenset().union(*(LOOKS_AT[name] for way in ways for name in way.guards))
