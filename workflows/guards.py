"""The guards: pure predicates over the facts of a plan, each returning what is missing, one need per missing thing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from workflows.facts import EvaluationFacts, Facts
from workflows.method import Localized, WorkflowDefinition, pick

N_ = str
"""Marks a text for extraction into the catalogues; it is translated when it is shown."""

MINIMUM_DISCIPLINES: Final = 2
MINIMUM_PHENOMENA: Final = 2
MINIMUM_PARTNERS: Final = 2


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is missing, and what to do about it.

    `code` is stable and kebab-case; `text` is an English %-template, the key of its translation; `params` fills it
    (values that are localized texts are shown in the reader's language); `hint` is English without placeholders.
    """

    code: str
    text: str
    params: Mapping[str, str | int | Localized] = field(default_factory=dict, hash=False)
    hint: str = ""

    def words(self, language: str = "en", translate: Callable[[str], str] = str) -> str:
        """The text filled in; `translate` maps the English template to that of `language`."""
        shown = {
            key: pick(value, language) if isinstance(value, Mapping) else value for key, value in self.params.items()
        }
        return translate(self.text) % shown


Guard = Callable[[Facts, WorkflowDefinition], tuple[Need, ...]]


def _blank(text: str | None) -> bool:
    return text is None or not text.strip()


def _distinct(texts: tuple[str, ...]) -> int:
    return len({text.strip().casefold() for text in texts if text.strip()})


def rubrics(facts: Facts, definition: WorkflowDefinition) -> tuple[Need, ...]:
    """Every rubric of the method is filled (clauses 8-14, 24-26)."""
    return tuple(
        Need(
            "rubric-empty",
            N_("Rubric “%(rubric)s” is empty."),
            {"rubric": rubric.label, "id": rubric.id},
            N_("Write the rubric; every plan fills all of them."),
        )
        for rubric in definition.rubrics
        if rubric.id not in facts.rubrics_filled
    )


def project_group(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """A project group with a lead and at least two disciplines, the lead's counted (clauses 15, 16)."""
    needs = []
    if not any(member.lead for member in facts.members):
        needs.append(
            Need(
                "group-without-lead",
                N_("The project group has no project leader."),
                hint=N_("Name a project leader."),
            )
        )
    found = _distinct(tuple(member.discipline or "" for member in facts.members))
    if found < MINIMUM_DISCIPLINES:
        needs.append(
            Need(
                "group-too-few-disciplines",
                N_("Disciplines in the project group: %(found)d; at least %(needed)d are needed."),
                {"found": found, "needed": MINIMUM_DISCIPLINES},
                N_("Add a member of another discipline, or state the discipline of the members."),
            )
        )
    return tuple(needs)


def activities(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """At least one activity, each with an owner, a start and an end that does not come before it (clause 7)."""
    if not facts.activities:
        return (Need("no-activity", N_("The plan has no activity."), hint=N_("Describe at least one activity.")),)
    needs = []
    for activity in facts.activities:
        which: dict[str, str | int | Localized] = {"activity": activity.activity, "title": activity.title}
        if _blank(activity.owner):
            needs.append(
                Need(
                    "activity-without-owner",
                    N_("Activity %(activity)s “%(title)s” has no owner."),
                    which,
                    N_("Name who answers for the activity."),
                )
            )
        if activity.start is None:
            needs.append(
                Need(
                    "activity-without-start",
                    N_("Activity %(activity)s “%(title)s” has no start date."),
                    which,
                    N_("Give the activity a start date."),
                )
            )
        if activity.end is None:
            needs.append(
                Need(
                    "activity-without-end",
                    N_("Activity %(activity)s “%(title)s” has no end date."),
                    which,
                    N_("Give the activity an end date."),
                )
            )
        if activity.start and activity.end and activity.end < activity.start:
            needs.append(
                Need(
                    "activity-ends-before-start",
                    N_("Activity %(activity)s “%(title)s” ends on %(end)s, before it starts on %(start)s."),
                    {**which, "start": activity.start.isoformat(), "end": activity.end.isoformat()},
                    N_("Correct the dates of the activity."),
                )
            )
    return tuple(needs)


def indicators(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """At least one indicator (clauses 10, 36)."""
    if facts.indicators:
        return ()
    return (Need("no-indicator", N_("The plan has no indicator."), hint=N_("Tie at least one indicator to the plan.")),)


def evaluation_available(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """There is a planned evaluation moment, past or future, that can be opened (clause 17)."""
    if facts.next_evaluation is not None:
        return ()
    return (
        Need(
            "no-evaluation-moment",
            N_("No evaluation moment is planned."),
            hint=N_("Let the project group set a definite evaluation moment."),
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
                "moment": local.strftime("%Y-%m-%d %H:%M"),
                "zone": facts.zone,
                "evaluation": facts.next_evaluation_id or "",
            },
            N_("Let the project group set an evaluation moment in the future."),
        ),
    )


def information_schedule(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """The project group set when partners and authorities are informed (clauses 21-23)."""
    if facts.information_moments > 0:
        return ()
    return (
        Need(
            "no-information-schedule",
            N_("No moment is set at which partners and authorities are informed of the progress."),
            hint=N_("Let the project group set moments and a method for informing them."),
        ),
    )


def mmm(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """A plan called MMM has a perimeter, several phenomena and several partner organisations (clauses 33-35)."""
    if not facts.mmm:
        return ()
    needs = []
    if not _distinct(facts.perimeter):
        needs.append(
            Need(
                "mmm-without-perimeter",
                N_("The plan is micro-local but has no perimeter."),
                hint=N_("Delimit the perimeter, or do not call the plan MMM."),
            )
        )
    counts = (
        (
            "mmm-too-few-phenomena",
            N_("The plan is multi-phenomenon but names %(found)d of at least %(needed)d phenomena."),
            _distinct(facts.phenomena),
            MINIMUM_PHENOMENA,
            N_("Name the phenomena, or do not call the plan MMM."),
        ),
        (
            "mmm-too-few-partners",
            N_("The plan is multidisciplinary but has %(found)d of at least %(needed)d partner organisations."),
            facts.partner_organisations,
            MINIMUM_PARTNERS,
            N_("Add the safety partners that take part, or do not call the plan MMM."),
        ),
    )
    needs += [
        Need(code, text, {"found": found, "needed": needed}, hint)
        for code, text, found, needed, hint in counts
        if found < needed
    ]
    return tuple(needs)


def motive(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """The decision states its reason."""
    return given_motive(facts.reason)


def given_motive(reason: str | None) -> tuple[Need, ...]:
    """A motive is given; also asked of decisions that are no step of the plan."""
    if not _blank(reason):
        return ()
    return (Need("no-motive", N_("No motive is given."), hint=N_("State why this is decided.")),)


def evaluation_recorded(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """The open evaluation is complete and recorded by somebody other than the plan's owner (clauses 28-31)."""
    evaluation = facts.evaluation
    if evaluation is None:
        return (
            Need(
                "no-open-evaluation",
                N_("No evaluation is open in cycle %(cycle)d."),
                {"cycle": facts.cycle},
                N_("Open the evaluation first."),
            ),
        )
    return incomplete(evaluation)


def incomplete(evaluation: EvaluationFacts) -> tuple[Need, ...]:
    """What is missing in the record of an evaluation; also asked before it is recorded."""
    which: dict[str, str | int | Localized] = {"evaluation": evaluation.evaluation}
    unaccounted = tuple(
        Need(
            "indicator-unaccounted",
            N_("Evaluation %(evaluation)s: indicator “%(indicator)s” has no measurement and no reason why not."),
            {**which, "indicator": indicator},
            N_("Record a measurement, or the reason why there is none."),
        )
        for indicator in evaluation.indicators_unaccounted
    )
    missing = tuple(Need(code, text, which, hint) for code, text, hint in _missing_parts(evaluation))
    return missing + unaccounted


def _missing_parts(evaluation: EvaluationFacts) -> tuple[tuple[str, str, str], ...]:
    checks = (
        (
            _blank(evaluation.recorded_by),
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
            _blank(evaluation.verdict),
            "no-verdict",
            N_("Evaluation %(evaluation)s has no verdict."),
            N_("Record whether the plan was effective, ineffective or inconclusive."),
        ),
        (
            not evaluation.findings,
            "no-findings",
            N_("Evaluation %(evaluation)s has no findings."),
            N_("Record what was found."),
        ),
        (
            not evaluation.attribution,
            "no-attribution",
            N_("Evaluation %(evaluation)s does not say what the result is attributed to."),
            N_("Record what brought the result about, and the evidence."),
        ),
        (
            not evaluation.deployed,
            "no-deployed-capacity",
            N_("Evaluation %(evaluation)s does not state the deployed capacity."),
            N_("Record the means and people that were really deployed."),
        ),
    )
    return tuple((code, text, hint) for unmet, code, text, hint in checks if unmet)


def watch(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """It is stated what is still watched in daily work, and a later day on which it is looked at again (clause 32)."""
    needs = []
    if _blank(facts.watch):
        needs.append(
            Need(
                "no-watch",
                N_("It is not stated what is still watched."),
                hint=N_("State the phenomenon or indicator that is followed in daily operations."),
            )
        )
    if facts.watch_again is None:
        needs.append(
            Need(
                "no-watch-date",
                N_("It is not stated when the matter is looked at again."),
                hint=N_("Give a date after today."),
            )
        )
    elif facts.watch_again <= facts.today:
        needs.append(
            Need(
                "watch-date-past",
                N_("The day on which the matter is looked at again, %(date)s, is not after today."),
                {"date": facts.watch_again.isoformat()},
                N_("Give a date after today."),
            )
        )
    return tuple(needs)


GUARDS: Final[Mapping[str, Guard]] = MappingProxyType(
    {
        guard.__name__: guard
        for guard in (
            rubrics,
            project_group,
            activities,
            indicators,
            evaluation_available,
            future_evaluation,
            information_schedule,
            mmm,
            motive,
            evaluation_recorded,
            watch,
        )
    }
)
"""The guards by the name that a definition uses."""
