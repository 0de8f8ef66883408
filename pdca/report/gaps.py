"""What is not worked out, in words: each gap of the report of completeness with what to do about it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pdca import methods
from pdca.i18n import N_, localized
from pdca.programme.predecessor import without_final_evaluation
from pdca.report.completeness import Gap, apart, before_its_end, dates_amiss, gaps, gone_before, overlapped
from pdca.report.plans import opened
from pdca.report.programme import next_step, programmes
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import completeness, people, plans
from workflows.need import EDIT, Need, Param

_TIE: Final = "pdca indicator tie %(plan)s INDICATOR --baseline NUMBER --period PERIOD"


@dataclass(frozen=True, slots=True)
class Told:
    """A gap in words; `owner` has the title, and whether it is restricted or assumed, of what the gap belongs to."""

    gap: Gap
    programme_id: str
    owner: Mapping[str, Any]
    need: Need


def told(connection: Connection, now: datetime) -> Iterator[Told]:
    """Give every gap in words, names and titles in the language spoken."""
    known = _Known(connection)
    for gap in gaps(connection, now):
        plan = known.plans.get(gap.belongs_to)
        owner = plan or known.programmes[gap.belongs_to]
        yield Told(
            gap,
            owner["programme_id"],
            {name: owner.get(name, False) for name in ("title", "restricted", "assumed")},
            gap.need or _WORDS[gap.code](gap, known),
        )


def misdated(connection: Connection, activity_id: str) -> list[Need]:
    """Say what of the dates of one activity does not fit its plan or what it comes after; one that is dropped fits."""
    known = _Known(connection)
    activity = known.activities.get(activity_id)
    if activity is None:
        return []
    found = dates_amiss(activity, known.activities, known.plans[activity["plan_id"]])
    return [_WORDS[gap.code](gap, known) for gap in found]


def overlap(connection: Connection, programme_id: str) -> list[Need]:
    """Say that a programme begins while another one of its method runs, if it does."""
    known = _Known(connection)
    if not overlapped(known.programmes[programme_id], known.programmes.values()):
        return []
    return [_overlaps(Gap("programme-overlaps", programme_id, programme_id), known)]


def outside(connection: Connection, plan_id: str) -> list[Need]:
    """Say that no day of a plan lies in the period of its programme, if so."""
    known = _Known(connection)
    plan = known.plans[plan_id]
    if not apart(plan, known.programmes[plan["programme_id"]]):
        return []
    return [_outside_programme(Gap("plan-outside-programme", plan_id, plan_id), known)]


class _Known:
    """The rows that gaps speak of."""

    def __init__(self, connection: Connection) -> None:
        self.programmes = {view["programme_id"]: view for view in programmes(connection)}
        needs = ((row, without_final_evaluation(connection, row)) for row in connection.all(plans.PROGRAMMES))
        self.not_evaluated = {row["programme_id"]: need for row, need in needs if need}
        self.plans = {row["plan_id"]: opened(row) for row in connection.all(plans.PLANS)}
        self.objectives = {row["objective_id"]: opened(row) for row in connection.all(plans.OBJECTIVES)}
        self.activities = {row["activity_id"]: row for row in connection.all(completeness.ACTIVITIES)}
        self.reactions = {row["reaction_id"]: row for row in connection.all(completeness.UNANSWERED)}
        self.parties = {row["party_id"]: from_json(row["name"]) for row in connection.all(people.PARTIES)}
        self.levels = {name: methods.of_plan(connection, view).levels for name, view in self.programmes.items()}
        self.under_plan = {name: methods.of_plan(connection, row).under_plan for name, row in self.plans.items()}

    def objective(self, name: str) -> dict[str, Param]:
        """Give what the words about an objective are filled with."""
        return {"objective": name, "title": localized(self.objectives[name]["title"])}

    def activity(self, gap: Gap) -> dict[str, Param]:
        """Give what the words about an activity are filled with."""
        title = localized(from_json(self.activities[gap.subject]["title"]))
        return {"plan": gap.belongs_to, "activity": gap.subject, "title": title}

    def level_below(self, name: str) -> str:
        """Give what the level under that of an objective is called."""
        row = self.objectives[name]
        levels = self.levels[row["programme_id"]]
        place = next(place for place, level in enumerate(levels) if level.id == row["level"])
        return localized(levels[place + 1].label)


def _undecided(gap: Gap, known: _Known) -> Need:
    return Need(
        "objective-undecided",
        N_("Nothing was decided over objective %(objective)s “%(title)s”."),
        known.objective(gap.subject),
        N_("Decide whether it is retained or not, with the motive."),
        "pdca objective decide %(objective)s --disposition … --motive … --by … --on DATE",
    )


def _without_operational(gap: Gap, known: _Known) -> Need:
    return Need(
        "objective-without-operational",
        N_("Nothing stands on the level “%(level)s” under objective %(objective)s “%(title)s”."),
        {**known.objective(gap.subject), "level": known.level_below(gap.subject)},
        N_("Add one, unless it can do without."),
        "pdca objective add --parent %(objective)s --title …",
    )


def _without_plan(gap: Gap, known: _Known) -> Need:
    return Need(
        "objective-without-plan",
        N_("No action plan works out objective %(objective)s “%(title)s”."),
        known.objective(gap.subject),
        N_("Make a plan for it, unless it can do without."),
        "pdca plan new --objective %(objective)s --title …",
    )


def _not_retained(gap: Gap, known: _Known) -> Need:
    return Need(
        "plan-not-retained",
        N_("Objective %(objective)s “%(title)s” of the plan is not retained."),
        known.objective(known.plans[gap.subject]["objective_id"]),
        N_("Let it be decided whether the objective is retained, with the motive."),
        "pdca objective retain %(objective)s --motive … --by … --on DATE",
    )


def _without_objective(gap: Gap, known: _Known) -> Need:
    level = known.under_plan[gap.subject]
    return Need(
        "plan-without-objective",
        N_("Nothing stands on the level “%(level)s” under the plan."),
        {"plan": gap.subject, "level": localized(level.label) if level else ""},
        N_("Write what the plan has to reach, under “objectives”."),
        EDIT,
    )


def _outside_programme(gap: Gap, known: _Known) -> Need:
    plan = known.plans[gap.subject]
    programme = known.programmes[plan["programme_id"]]
    return Need(
        "plan-outside-programme",
        N_("The plan runs from %(start)s to %(end)s, and %(programme)s from %(first)s to %(last)s: no day in common."),
        {
            "plan": gap.subject,
            "start": plan["period_start"],
            "end": plan["period_end"],
            "programme": programme["programme_id"],
            "first": programme["period_start"],
            "last": programme["period_end"],
        },
        N_("A plan may begin late and outlive its programme. Correct the period, unless it is meant."),
        "pdca plan set %(plan)s period.from=DATE period.to=DATE",
    )


def _without_owner(gap: Gap, _known: _Known) -> Need:
    return Need(
        "plan-without-owner",
        N_("The plan has no project leader."),
        {"plan": gap.subject},
        N_("Name a project leader."),
        "pdca group lead %(plan)s PARTY",
    )


def _departed(gap: Gap, known: _Known) -> Need:
    return Need(
        "owner-departed",
        N_("“%(name)s” leads the plan, and nobody holds that function."),
        {"party": gap.subject, "name": localized(known.parties[gap.subject])},
        N_("Appoint somebody, or let another function lead the plan."),
        "pdca person appoint PERSON %(party)s",
    )


def _activity_left(gap: Gap, known: _Known) -> Need:
    party = known.activities[gap.subject]["owner_id"]
    return Need(
        "activity-owner-departed",
        N_("“%(name)s” answers for activity %(activity)s “%(title)s”, and nobody holds that function."),
        {**known.activity(gap), "party": party, "name": localized(known.parties[party])},
        N_("Appoint somebody, or let another function answer for the activity."),
        "pdca person appoint PERSON %(party)s",
    )


def _without_means(gap: Gap, known: _Known) -> Need:
    return Need(
        "activity-without-means",
        N_("Activity %(activity)s “%(title)s” has neither means nor people planned for it."),
        known.activity(gap),
        N_("State the money, the hours or the people that the activity takes."),
        "pdca activity means %(activity)s --kind … --year YEAR --planned NUMBER",
    )


def _after_plan(gap: Gap, known: _Known) -> Need:
    ends = {"end": known.activities[gap.subject]["end_date"], "last": known.plans[gap.belongs_to]["period_end"]}
    return Need(
        "activity-ends-after-plan",
        N_("Activity %(activity)s “%(title)s” ends on %(end)s, after the period of its plan, which ends on %(last)s."),
        {**known.activity(gap), **ends},
        N_("Correct the end of the activity, or the period of the plan."),
        "pdca activity set %(activity)s end=DATE",
    )


def _too_early(gap: Gap, known: _Known) -> Need:
    activity = known.activities[gap.subject]
    first = before_its_end(activity, known.activities)[0]
    other = {"start": activity["start_date"], "other": first, "end": known.activities[first]["end_date"]}
    return Need(
        "activity-starts-too-early",
        N_("Activity %(activity)s “%(title)s” begins on %(start)s, before the end of %(other)s on %(end)s."),
        {**known.activity(gap), **other},
        N_("Correct the dates, or what it comes after."),
        "pdca activity set %(activity)s start=DATE",
    )


def _without_approval(gap: Gap, known: _Known) -> Need:
    view = known.programmes[gap.subject]
    which: dict[str, Param] = {"programme": gap.subject}
    waiting = next_step(view)
    if waiting is not None:
        return Need(
            "programme-without-approval",
            N_("The programme waits for “%(authority)s”."),
            {**which, "authority": localized(waiting["authority"]), "step": waiting["step"]},
            N_("Record what was decided."),
            "pdca programme decide %(programme)s --step %(step)s --approve --on DATE",
        )
    return Need(
        "programme-without-approval",
        N_("The programme was rejected.") if view["status"] == "rejected" else N_("The programme was not submitted."),
        which,
        N_("Submit it to the authorities that have to approve it."),
        'pdca programme submit %(programme)s --step "AUTHORITY: ACT"',
    )


def _without_previous(gap: Gap, known: _Known) -> Need:
    before = gone_before(known.programmes[gap.subject], known.programmes.values())[-1]
    return Need(
        "programme-without-previous",
        N_("It is not said which programme this one follows; %(previous)s “%(title)s” began before it."),
        {
            "programme": gap.subject,
            "previous": before["programme_id"],
            "title": localized(before["title"]),
        },
        N_("Say so: nothing is retained before the one that went before was evaluated as a whole."),
        "pdca programme set %(programme)s previous=%(previous)s",
    )


def _overlaps(gap: Gap, known: _Known) -> Need:
    programme = known.programmes[gap.subject]
    other = overlapped(programme, known.programmes.values())[-1]
    return Need(
        "programme-overlaps",
        N_("The programme begins on %(first)s, while %(other)s “%(title)s” of the same method runs to %(last)s."),
        {
            "programme": gap.subject,
            "first": programme["period_start"],
            "other": other["programme_id"],
            "title": localized(other["title"]),
            "last": other["period_end"],
        },
        N_("Programmes follow one another. Let it begin later, or hand it in as it is when both are meant to run."),
        "pdca programme set %(programme)s from=DATE",
    )


def _objectively_only(gap: Gap, _known: _Known) -> Need:
    return Need(
        "measured-objectively-only",
        N_("Plan %(plan)s is measured by what is registered, and not by what people experience."),
        {"plan": gap.subject},
        N_("Tie an indicator to it for which people are asked."),
        _TIE,
    )


def _own_work_only(gap: Gap, _known: _Known) -> Need:
    return Need(
        "measured-by-own-work-only",
        N_("Plan %(plan)s is measured by its own work alone, and not by what that brings about."),
        {"plan": gap.subject},
        N_("Tie an indicator to it that counts or asks about the outcome."),
        _TIE,
    )


def _subjectively_only(gap: Gap, _known: _Known) -> Need:
    return Need(
        "measured-subjectively-only",
        N_("Plan %(plan)s is measured by what people experience, and not by what is registered."),
        {"plan": gap.subject},
        N_("Tie an indicator to it of which the facts are counted."),
        _TIE,
    )


def _not_evaluated(gap: Gap, known: _Known) -> Need:
    return known.not_evaluated[gap.subject]


def _not_trained(gap: Gap, known: _Known) -> Need:
    return Need(
        "partner-not-trained",
        N_("Partner “%(name)s” is relied on for an activity, but had no training."),
        {"plan": gap.belongs_to, "party": gap.subject, "name": localized(known.parties[gap.subject])},
        N_("Record the training that the partner had, or hold one."),
        "pdca partner involve %(plan)s --party %(party)s --mode training --on DATE --content … --attended …",
    )


def _unanswered(gap: Gap, known: _Known) -> Need:
    party = known.reactions[gap.subject]["party_id"]
    return Need(
        "reaction-unanswered",
        N_("Reaction %(reaction)s of “%(name)s” was not answered."),
        {"reaction": gap.subject, "name": localized(known.parties[party])},
        N_("Answer it; the answer is kept with it."),
        "pdca partner answer %(reaction)s --text …",
    )


_WORDS: Final[Mapping[str, Callable[[Gap, _Known], Need]]] = {
    "objective-undecided": _undecided,
    "objective-without-operational": _without_operational,
    "objective-without-plan": _without_plan,
    "plan-not-retained": _not_retained,
    "plan-without-objective": _without_objective,
    "plan-outside-programme": _outside_programme,
    "plan-without-owner": _without_owner,
    "owner-departed": _departed,
    "measured-objectively-only": _objectively_only,
    "measured-subjectively-only": _subjectively_only,
    "measured-by-own-work-only": _own_work_only,
    "activity-without-means": _without_means,
    "activity-owner-departed": _activity_left,
    "activity-ends-after-plan": _after_plan,
    "activity-starts-too-early": _too_early,
    "programme-without-approval": _without_approval,
    "programme-without-previous": _without_previous,
    "programme-overlaps": _overlaps,
    "final-evaluation-missing": _not_evaluated,
    "partner-not-trained": _not_trained,
    "reaction-unanswered": _unanswered,
}
