"""What a guard may look at: a frozen picture of one plan and of the act that is being tried."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from workflows.method import Localized


class Member(NamedTuple):
    """A member of the project group: a party, the discipline it brings in, and whether it leads the group."""

    party: str
    discipline: str | None = None
    lead: bool = False


class ApprovalFacts(NamedTuple):
    """An approval that was given for a trigger and not used yet.

    `fits` is whether the plan still is, to the letter, what was approved; `own` whether whoever acts now gave it, or
    acts for whoever gave it; `by_owner` whether whoever gave it owns the plan by now.
    """

    purpose: str
    fits: bool = True
    own: bool = False
    by_owner: bool = False


class ActivityFacts(NamedTuple):
    """An activity with the party that owns it, its first and last day (local dates, inclusive) and its rubric.

    `means` is whether means or capacity are planned for it in a year that it touches, `means_stated` whether any are
    stated at all, be it none or for another year, `by_partner` whether its owner is no function of the body,
    `decided` whether Adjust has said in this cycle what becomes of it (True for what is done already). What was dropped
    is no activity of the plan any more, and no guard sees it.
    """

    activity: str
    title: str | Localized
    owner: str | None = None
    start: date | None = None
    end: date | None = None
    means: bool = False
    means_stated: bool = False
    by_partner: bool = False
    decided: bool = True
    rubric: str | None = None


class EvaluationFacts(NamedTuple):
    """The evaluation that is open in the current cycle, and which of its parts have been recorded.

    `process` and `effect` are whether it is found how the plan was carried out and what it brought about, `evidence`
    whether it is said how the attribution is known, `deployed` whether the deployed capacity is stated,
    `recorded_by_owner` whether the one who recorded it owns the plan, `indicators_unaccounted` the indicators with
    neither a measurement nor a reason for its absence.
    """

    evaluation: str
    verdict: str | None = None
    process: bool = False
    effect: bool = False
    attribution: bool = False
    evidence: bool = False
    deployed: bool = False
    recorded_by: str | None = None
    recorded_by_owner: bool = False
    indicators_unaccounted: tuple[str, ...] = ()


class FollowUpFacts(NamedTuple):
    """An action that was to be followed up: its number, what it is, its local date, and the cycle that left it."""

    follow_up: str
    title: str
    due: date
    cycle: int = 0


class Facts(NamedTuple):
    """Everything a guard may know about a plan.

    `zone` is the IANA time zone in which local dates of the plan are read. `trigger` is what is being tried; `step`
    sets it. `resume_state` is the state a suspended plan goes back to. `objective` is the objective the plan serves,
    None when it stands under the programme itself, `retained` whether it or one above it was retained. `members` are
    those in the group today. `indicators_unbased` are the indicators with neither a baseline nor a reason for its
    absence. `trained` are the parties that had a training, `approvals` those neither used nor voided. `next_evaluation`
    is the earliest moment still planned, which may lie in the past. `information_moments` counts the moments of the
    information schedule, `informed_last` is the last for a partner, an authority or the public. `evaluation` is None
    when no evaluation is open. `follow_ups_unanswered` are the actions that were left and nobody answered. `watch` says
    what is still watched after the plan, `watch_indicator` by which indicator, and `watch_again` when it is looked at
    again.
    """

    plan: str
    state: str
    now: datetime
    zone: str = "UTC"
    trigger: str | None = None
    resume_state: str | None = None
    cycle: int = 1
    actor_roles: frozenset[str] = frozenset()
    reason: str | None = None
    objective: str | None = None
    retained: bool = False
    rubrics_filled: frozenset[str] = frozenset()
    rubrics_not_applicable: frozenset[str] = frozenset()
    members: tuple[Member, ...] = ()
    activities: tuple[ActivityFacts, ...] = ()
    indicators: tuple[str, ...] = ()
    indicators_unbased: tuple[str, ...] = ()
    next_evaluation: datetime | None = None
    next_evaluation_id: str | None = None
    information_moments: int = 0
    informed_last: date | None = None
    mmm: bool = False
    perimeter: tuple[str, ...] = ()
    phenomena: tuple[str, ...] = ()
    partner_organisations: int = 0
    trained: frozenset[str] = frozenset()
    approvals: tuple[ApprovalFacts, ...] = ()
    evaluation: EvaluationFacts | None = None
    follow_ups_unanswered: tuple[FollowUpFacts, ...] = ()
    watch: str | None = None
    watch_again: date | None = None
    watch_indicator: str | None = None

    @property
    def today(self) -> date:
        """The local date of `now` in the plan's zone."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def refuse_naive(self) -> None:
        """Raise ValueError for a moment without a time zone: a guard compares instants."""
        for name, moment in (("now", self.now), ("next_evaluation", self.next_evaluation)):
            if moment is not None and moment.utcoffset() is None:
                msg = f"{name} has no time zone: {moment!r}"
                raise ValueError(msg)
