"""Recording an evaluation: what was found, by somebody who has to do with the plan and does not own it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound
from pdca.evaluation_status import in_every_language
from pdca.evaluations import capacity
from pdca.evaluations.find import find
from pdca.evaluations.known_figures import Taken, known_figures
from pdca.evaluations.snapshot import frozen
from pdca.i18n import _
from pdca.notify.outbox import Notice
from pdca.plans import deadlines, reminding
from pdca.plans.advance import Seen, check_unchanged, lock_plan
from pdca.plans.roles import local_date, owns, present
from pdca.schedules.reconcile import Reconciled
from pdca.schedules.reroll import after_evaluation
from pdca.schedules.telling import announced, next_day
from pdca.shapes import check_among
from pdca.store.driver import Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import evaluations, plans
from pdca.store.rows import Change, update
from workflows.facts import EvaluationFacts
from workflows.guards import N_, Need, incomplete
from workflows.instants import to_text
from workflows.method import Transition, WorkflowDefinition

_BY_STATUS: Final = {
    "planned": (
        N_("It opens on its day, or when the project leader lets the plan be evaluated."),
        "pdca plan why-not %(plan)s",
    ),
    "recorded": (
        N_("An evaluation that was recorded cannot be edited, only followed by another."),
        "pdca evaluation add %(plan)s --date DATE --reason …",
    ),
}

RECORDERS = frozenset({"member", "chief", "stakeholder"})
VERDICTS = ("effective", "ineffective", "inconclusive")
ATTRIBUTED_TO = ("plan", "daily_work", "others", "unclear")


@dataclass(frozen=True, slots=True)
class RecordEvaluation:
    """Record an open evaluation, whole: it cannot be edited afterwards.

    `process` is what was found of the way the plan was carried out, `effect` of what it brought about. `attributed_to`
    is to what that is due, `attribution` says it in words, and `evidence` how it is known; what is unclear needs none.
    `deployed` is the capacity in words, `means` its figures. `results` maps an indicator to
    `{"value": decimal as text}` or `{"missing": reason}`; missing is not zero. Of an indicator that it does not name,
    the figure that is known about the cycle is taken. `evaluators` are `{"party": id}` or `{"person": id}`; without any
    it is who records.
    """

    evaluation_id: str
    verdict: str
    process: str
    effect: str
    attributed_to: str
    attribution: str
    evidence: str
    deployed: str
    results: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    means: Sequence[capacity.Stated] = ()
    lessons: str | None = None
    evaluators: Sequence[Mapping[str, str]] = ()
    seen: Seen | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Record it and freeze what was known, or log the refusal."""
        evaluation = find(desk.connection, self.evaluation_id)
        plan = lock_plan(desk, evaluation["plan_id"])
        check_unchanged(desk.connection, plan, self.seen)
        evaluation = find(desk.connection, self.evaluation_id)
        measured_by = desk.connection.all(plans.PLAN_INDICATORS, plan_id=plan["plan_id"])
        indicators = [row["indicator_id"] for row in measured_by]
        self._check_words(plan, indicators)
        results = known_figures(desk.connection, plan, desk.uow.now) | {
            name: dict(result) for name, result in self.results.items()
        }
        planned = capacity.planned(desk.connection, plan)
        lines = capacity.lines(desk.connection, plan, planned, self.means)
        # Of one that cannot be recorded nothing else is missing.
        needs = self._not_open(evaluation) or (
            *self._needs(desk, plan),
            *self._incomplete(indicators, results),
            *self._owner_alone(desk, plan),
            *capacity.unexplained(lines, local_date(desk.uow.now, plan["zone"]).year, self.evaluation_id),
        )
        if needs:
            draft = Draft(kind="evaluation.refused", trigger="record", evaluation=self.evaluation_id)
            return desk.refuse(Stream.of_plan(plan), draft, needs)
        definition = methods.of_plan(desk.connection, plan)
        row = self._row(desk, plan, results)
        following = after_evaluation(desk, plan, definition)
        snapshot, digest = frozen(desk.connection, plan, row, lines, desk.uow.now_text, desk.salt())
        desk.record(
            Stream.of_plan(plan),
            Draft(
                kind="evaluation.recorded",
                changes=[
                    row,
                    *capacity.changes(planned, lines),
                    snapshot,
                    *self._deadlines(desk, plan, definition, desk.uow.now),
                    *following.changes,
                ],
                notices=[self._notice(desk, plan, following), *announced(plan, following.effects, desk)],
                evaluation=self.evaluation_id,
            ),
        )
        concluding = concluded_by(definition, plan["state"])
        return desk.done(
            plan=plan["plan_id"],
            evaluation=self.evaluation_id,
            verdict=self.verdict,
            taken={name: result for name, result in results.items() if name not in self.results},
            snapshot=digest,
            **({"moments": [effect.told() for effect in following.effects]} if following.effects else {}),
            next=concluding.trigger if concluding else None,
        )

    def _not_open(self, evaluation: Row) -> tuple[Need, ...]:
        if evaluation["status"] == "open":
            return ()
        hint, command = _BY_STATUS.get(evaluation["status"], ("", ""))
        which = {"evaluation": self.evaluation_id, "plan": evaluation["plan_id"]}
        return (
            Need(
                "evaluation-not-open",
                N_("%(evaluation)s is “%(status)s”; only an open evaluation is recorded."),
                {**which, "status": in_every_language(evaluation["status"])},
                hint,
                command,
            ),
        )

    def _needs(self, desk: Desk, plan: Row) -> tuple[Need, ...]:
        needs = []
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

    def _incomplete(self, indicators: Sequence[str], results: Mapping[str, Taken]) -> tuple[Need, ...]:
        # What was recorded cannot be edited: with half a record the plan could never leave Check.
        accounted = {name for name, result in results.items() if any(str(said).strip() for said in result.values())}
        return incomplete(
            EvaluationFacts(
                self.evaluation_id,
                self.verdict,
                process=bool(self.process.strip()),
                effect=bool(self.effect.strip()),
                attribution=bool(self.attribution.strip()),
                evidence=self.attributed_to == "unclear" or bool(self.evidence.strip()),
                deployed=bool(self.deployed.strip()),
                recorded_by="whoever records it",
                indicators_unaccounted=tuple(name for name in indicators if name not in accounted),
            )
        )

    def _owner_alone(self, desk: Desk, plan: Row) -> tuple[Need, ...]:
        """An owner does not judge his or her own plan; together with others he or she may."""
        if not self.evaluators:
            return ()
        group = desk.connection.all(plans.GROUP, plan_id=plan["plan_id"])
        leading = {plan["lead_id"], *(row["party_id"] for row in group if row["role"] == "deputy")}
        if any(
            one["party"] not in leading
            if "party" in one
            else not owns(desk.connection, plan, one["person"], desk.uow.now, group)
            for one in self.evaluators
        ):
            return ()
        return (
            Need(
                "evaluators-own-plan",
                N_("Everybody who evaluated owns the plan."),
                {},
                N_("Evaluate it together with somebody else, and name that person or function too."),
            ),
        )

    def _check_words(self, plan: Row, indicators: Sequence[str]) -> None:
        check_among("verdict-unknown", N_("“%(word)s” is no verdict."), self.verdict, VERDICTS)
        due_to = N_("“%(word)s” is nothing that an effect is due to.")
        check_among("attribution-unknown", due_to, self.attributed_to, ATTRIBUTED_TO)
        for name in self.results:
            if name not in indicators:
                raise NotFound(
                    "indicator-unknown",
                    _("%(plan)s is not measured by an indicator “%(indicator)s”.")
                    % {"plan": plan["plan_id"], "indicator": name},
                    hint=_("Its indicators are: %(indicators)s.") % {"indicators": ", ".join(indicators)}
                    if indicators
                    else _("It has no indicators."),
                )

    def _row(self, desk: Desk, plan: Row, results: Mapping[str, Taken]) -> Change:
        return update(
            "evaluation",
            {"evaluation_id": self.evaluation_id},
            status="recorded",
            recorded_at=desk.uow.now_text,
            recorded_by=desk.actor.person_id,
            verdict=self.verdict,
            process_findings=self.process,
            effect_findings=self.effect,
            attributed_to=self.attributed_to,
            attribution=self.attribution,
            evidence=self.evidence.strip() or None,
            deployed=self.deployed,
            lessons=(self.lessons or "").strip() or None,
            evaluators=to_json(
                [dict(one) for one in self.evaluators] or [{"person": desk.actor.person_id}],
            ),
            results=to_json(results),
            **self._late(desk, plan),
        )

    def _late(self, desk: Desk, plan: Row) -> dict[str, str]:
        """Say that its time was over when no scheduler was there to say so: it was late all the same."""
        live = desk.connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=plan["plan_id"])
        waited = [
            row
            for row in deadlines.of_kinds(live, ("record",))
            if (row["evaluation_id"], row["step"]) == (self.evaluation_id, 0) and row["status"] != "held"
        ]
        over = any(row["due_at"] <= desk.uow.now_text for row in waited)
        return {"overdue_at": desk.uow.now_text} if over else {}

    def _deadlines(self, desk: Desk, plan: Row, definition: WorkflowDefinition, now: datetime) -> list[Change]:
        # What waited for the recording is over; from here on the lead has to conclude, and that has a deadline too.
        live = desk.connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=plan["plan_id"])
        over = [deadlines.ended(row, to_text(now)) for row in deadlines.of_kinds(live, ("record", "missed"))]
        concluding = concluded_by(definition, plan["resume_state"] or plan["state"])
        following = definition.state_by_id.get(concluding.target) if concluding else None
        if following is None or following.deadline is None or following.deadline.kind != "decide":
            return over
        method = reminding.in_force(desk.connection, plan, definition).method
        begun = deadlines.of_state(plan, method, following.id, now, plan["version"] + 1)
        return [*over, *(deadlines.resting(change, plan, definition) for change in begun)]

    def _notice(self, desk: Desk, plan: Row, following: Reconciled) -> Notice:
        parameters = {
            "plan": plan["plan_id"],
            "title": from_json(plan["title"]),
            "evaluation": self.evaluation_id,
            "verdict": self.verdict,
        }
        if following.effects:
            moments = desk.connection.all(evaluations.OF_PLAN, plan_id=plan["plan_id"])
            parameters["following"] = next_day(moments, following.effects, desk.uow.now_text)
        return Notice(
            "evaluation.recorded", ("lead", "group"), parameters, self.evaluation_id, leave_out=desk.actor.person_id
        )


def concluded_by(definition: WorkflowDefinition, state: str) -> Transition | None:
    """Find the step that concludes an evaluation which was recorded in this state; None when none leaves it."""
    ways = definition.routes[state].values()
    return next((way for way in ways if "conclude_evaluation" in way.effects), None)
