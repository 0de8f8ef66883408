"""Recording an evaluation: what was found, by somebody who has to do with the plan and does not own it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound, Usage
from pdca.evaluations.words import in_every_language
from pdca.i18n import _
from pdca.notify.outbox import Notice
from pdca.plans import deadlines
from pdca.plans.advance import Seen, check_unchanged, lock_plan
from pdca.plans.roles import present
from pdca.store.driver import Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import evaluations, plans
from pdca.store.rows import Change, update
from workflows.facts import EvaluationFacts
from workflows.guards import N_, Need, incomplete
from workflows.instants import to_text
from workflows.method import Transition, WorkflowDefinition

RECORDERS = frozenset({"member", "chief", "stakeholder"})
VERDICTS = ("effective", "ineffective", "inconclusive")


@dataclass(frozen=True, slots=True)
class RecordEvaluation:
    """Record an open evaluation: verdict, findings, attribution, deployed capacity, and a result per indicator.

    `results` maps an indicator to `{"value": decimal as text}` or `{"missing": reason}`; missing is not zero.
    """

    evaluation_id: str
    verdict: str
    findings: str
    attribution: str
    deployed: str
    results: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    seen: Seen | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Record it, or log the refusal. It cannot be edited afterwards."""
        evaluation = find(desk, self.evaluation_id)
        plan = lock_plan(desk, evaluation["plan_id"])
        check_unchanged(desk.connection, plan, self.seen)
        evaluation = find(desk, self.evaluation_id)
        measured_by = desk.connection.all(plans.PLAN_INDICATORS, plan_id=plan["plan_id"])
        indicators = [row["indicator_id"] for row in measured_by]
        self._check_words(plan, indicators)
        needs = (*self._needs(desk, plan, evaluation), *self._incomplete(indicators))
        if needs:
            draft = Draft(kind="evaluation.refused", trigger="record", evaluation=self.evaluation_id)
            return desk.refuse(Stream.of_plan(plan), draft, needs)
        definition = methods.of_plan(desk.connection, plan)
        desk.record(
            Stream.of_plan(plan),
            Draft(
                kind="evaluation.recorded",
                changes=[self._row(desk), *self._deadlines(desk, plan, definition, desk.uow.now)],
                notices=[self._notice(desk, plan)],
                evaluation=self.evaluation_id,
            ),
        )
        concluding = concluded_by(definition, plan["state"])
        return desk.done(
            plan=plan["plan_id"],
            evaluation=self.evaluation_id,
            verdict=self.verdict,
            next=concluding.trigger if concluding else None,
        )

    def _needs(self, desk: Desk, plan: Row, evaluation: Row) -> tuple[Need, ...]:
        needs = []
        if evaluation["status"] != "open":
            needs.append(
                Need(
                    "evaluation-not-open",
                    N_("%(evaluation)s is “%(status)s”; only an open evaluation is recorded."),
                    {"evaluation": self.evaluation_id, "status": in_every_language(evaluation["status"])},
                    N_("An evaluation that was recorded cannot be edited, only followed by another."),
                )
            )
        stands = present(desk.connection, plan, desk.actor, desk.uow.now)
        if "lead" in stands.roles:
            needs.append(
                Need(
                    "evaluator-owns-plan",
                    N_("An evaluation is recorded by somebody other than the owner of the plan."),
                    {},
                    N_("Ask another member of the project group to record it."),
                )
            )
        elif stands.roles.isdisjoint(RECORDERS):
            needs.append(
                Need(
                    "evaluator-not-concerned",
                    N_(
                        "An evaluation is recorded by a member of the project group, the head of the organisation, or "
                        "a partner or authority that the plan informs."
                    ),
                    {},
                    N_("Ask one of them to record it."),
                )
            )
        else:
            desk.act_for(stands.in_whose_stead(RECORDERS))
        return tuple(needs)

    def _incomplete(self, indicators: Sequence[str]) -> tuple[Need, ...]:
        # What was recorded cannot be edited: with half a record the plan could never leave Check.
        accounted = {name for name, result in self.results.items() if any(text.strip() for text in result.values())}
        return incomplete(
            EvaluationFacts(
                self.evaluation_id,
                self.verdict,
                findings=bool(self.findings.strip()),
                attribution=bool(self.attribution.strip()),
                deployed=bool(self.deployed.strip()),
                recorded_by="whoever records it",
                indicators_unaccounted=tuple(name for name in indicators if name not in accounted),
            )
        )

    def _check_words(self, plan: Row, indicators: Sequence[str]) -> None:
        if self.verdict not in VERDICTS:
            raise Usage(
                "verdict-unknown",
                _("“%(verdict)s” is no verdict.") % {"verdict": self.verdict},
                hint=_("Choose one of %(choices)s.") % {"choices": ", ".join(VERDICTS)},
            )
        for name in self.results:
            if name not in indicators:
                raise Usage(
                    "indicator-unknown",
                    _("%(plan)s is not measured by an indicator “%(indicator)s”.")
                    % {"plan": plan["plan_id"], "indicator": name},
                    hint=_("Its indicators are: %(indicators)s.") % {"indicators": ", ".join(indicators)}
                    if indicators
                    else _("It has no indicators."),
                )

    def _row(self, desk: Desk) -> Change:
        return update(
            "evaluation",
            {"evaluation_id": self.evaluation_id},
            status="recorded",
            recorded_at=desk.uow.now_text,
            recorded_by=desk.actor.person_id,
            verdict=self.verdict,
            findings=self.findings,
            attribution=self.attribution,
            deployed=self.deployed,
            results=to_json({name: dict(result) for name, result in self.results.items()}),
        )

    def _deadlines(self, desk: Desk, plan: Row, definition: WorkflowDefinition, now: datetime) -> list[Change]:
        # What waited for the recording is over; from here on the lead has to conclude, and that has a deadline too.
        live = desk.connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=plan["plan_id"])
        over = [deadlines.ended(row, to_text(now)) for row in deadlines.of_kinds(live, ("record", "missed"))]
        concluding = concluded_by(definition, plan["resume_state"] or plan["state"])
        following = definition.state_by_id.get(concluding.target) if concluding else None
        if following is None or following.deadline is None or following.deadline.kind != "decide":
            return over
        begun = deadlines.of_state(plan, definition, following.id, now, plan["version"] + 1)
        return [*over, *(deadlines.resting(change, plan, definition) for change in begun)]

    def _notice(self, desk: Desk, plan: Row) -> Notice:
        parameters = {
            "plan": plan["plan_id"],
            "title": from_json(plan["title"]),
            "evaluation": self.evaluation_id,
            "verdict": self.verdict,
        }
        return Notice(
            "evaluation.recorded", ("lead", "group"), parameters, self.evaluation_id, leave_out=desk.actor.person_id
        )


def concluded_by(definition: WorkflowDefinition, state: str) -> Transition | None:
    """Find the step that concludes an evaluation which was recorded in this state; None when none leaves it."""
    ways = definition.routes[state].values()
    return next((way for way in ways if "conclude_evaluation" in way.effects), None)


def find(desk: Desk, evaluation_id: str) -> Row:
    """Load an evaluation; raises NotFound."""
    evaluation = desk.connection.one(evaluations.EVALUATION, evaluation_id=evaluation_id)
    if evaluation is None:
        raise NotFound(
            "evaluation-unknown",
            _("There is no evaluation %(evaluation)s.") % {"evaluation": evaluation_id},
            hint=_("`pdca evaluation list` shows them all."),
        )
    return evaluation
