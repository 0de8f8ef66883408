"""What a plan must hold before it is started (DOMAIN, `start`): its objective, group, activities, means, indicators."""

from workflows.facts import ActivityFacts, Facts
from workflows.method import WorkflowDefinition
from workflows.need import EDIT, N_, Need, Param, blank, distinct

MINIMUM_DISCIPLINES = 2
MINIMUM_PHENOMENA = 2
MINIMUM_PARTNERS = 2


def objective_retained(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """The objective that the plan serves is retained, itself or with one above it (clause 3).

    A plan that stands under the programme itself serves none.
    """
    if facts.retained or facts.objective is None:
        return ()
    return (
        Need(
            "objective-not-retained",
            N_("Objective %(objective)s is not retained."),
            {"plan": facts.plan, "objective": facts.objective},
            N_("Let it be decided whether the objective is retained, with the motive."),
            "pdca objective retain %(objective)s --motive … --by … --on DATE",
        ),
    )


def rubrics(facts: Facts, definition: WorkflowDefinition) -> tuple[Need, ...]:
    """Every rubric of the method is filled: by a text or by why it does not apply (clauses 8-14, 24-26).

    One of actions has an activity of its own besides, unless it does not apply (clause 12). Of a plan without any
    activity that is said by the guard `activities`.
    """
    empty = tuple(
        Need(
            "rubric-empty",
            N_("Rubric “%(rubric)s” is empty."),
            {"plan": facts.plan, "rubric": rubric.label, "id": rubric.id},
            N_("Write the rubric, or say why it does not apply; every plan fills all of them."),
            "pdca plan set %(plan)s rubrics.%(id)s=TEXT",
        )
        for rubric in definition.rubrics
        if rubric.id not in facts.rubrics_filled
    )
    put_in_place = {activity.rubric for activity in facts.activities} | facts.rubrics_not_applicable
    return empty + tuple(
        Need(
            "rubric-without-activity",
            N_("Rubric “%(rubric)s” puts no action in place: no activity belongs to it."),
            {"plan": facts.plan, "rubric": rubric.label, "id": rubric.id},
            N_("Say which activity belongs to it, or why the rubric does not apply."),
            "pdca activity set ACTIVITY rubric=%(id)s",
        )
        for rubric in definition.rubrics
        if facts.activities and rubric.actions and rubric.id not in put_in_place
    )


def project_group(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """A project group with a lead and at least two disciplines, the lead's counted (clauses 15, 16)."""
    needs = []
    if not any(member.lead for member in facts.members):
        needs.append(
            Need(
                "group-without-lead",
                N_("The project group has no project leader."),
                {"plan": facts.plan},
                N_("Name a project leader."),
                "pdca group lead %(plan)s PARTY",
            )
        )
    found = distinct(tuple(member.discipline or "" for member in facts.members))
    if found < MINIMUM_DISCIPLINES:
        needs.append(
            Need(
                "group-too-few-disciplines",
                N_("Disciplines in the project group: %(found)d; at least %(needed)d are needed."),
                {"plan": facts.plan, "found": found, "needed": MINIMUM_DISCIPLINES},
                N_(
                    "Add a member of another discipline, or state the discipline of the members. A function that "
                    "nobody holds any more brings none."
                ),
                "pdca group add %(plan)s PARTY",
            )
        )
    return tuple(needs)


def activities(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """At least one activity, each with an owner, a start and an end that does not come before it (clause 7)."""
    if facts.activities:
        return tuple(need for activity in facts.activities for need in _activity(facts, activity))
    return (
        Need(
            "no-activity",
            N_("The plan has no activity."),
            {"plan": facts.plan},
            N_("Describe at least one activity."),
            "pdca activity add %(plan)s --title … --owner PARTY --start DATE --end DATE",
        ),
    )


def _activity(facts: Facts, activity: ActivityFacts) -> tuple[Need, ...]:
    which: dict[str, Param] = {"plan": facts.plan, "activity": activity.activity, "title": activity.title}
    backwards = activity.start is not None and activity.end is not None and activity.end < activity.start
    days = {"start": str(activity.start), "end": str(activity.end)}
    checks: tuple[tuple[bool, str, str, str, str], ...] = (
        (
            blank(activity.owner),
            "activity-without-owner",
            N_("Activity %(activity)s “%(title)s” has no owner."),
            N_("Name who answers for the activity."),
            "owner=PARTY",
        ),
        (
            activity.start is None,
            "activity-without-start",
            N_("Activity %(activity)s “%(title)s” has no start date."),
            N_("Give the activity a start date."),
            "start=DATE",
        ),
        (
            activity.end is None,
            "activity-without-end",
            N_("Activity %(activity)s “%(title)s” has no end date."),
            N_("Give the activity an end date."),
            "end=DATE",
        ),
        (
            backwards,
            "activity-ends-before-start",
            N_("Activity %(activity)s “%(title)s” ends on %(end)s, before it starts on %(start)s."),
            N_("Correct the dates of the activity."),
            "start=DATE end=DATE",
        ),
    )
    return tuple(
        Need(code, text, {**which, **days} if backwards else which, hint, f"pdca activity set %(activity)s {fields}")
        for unmet, code, text, hint, fields in checks
        if unmet
    )


def means(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """Means or capacity are planned for every activity, more than none and while it runs (clauses 24, 25)."""
    return tuple(_means(facts, activity) for activity in facts.activities if not activity.means)


def _means(facts: Facts, activity: ActivityFacts) -> Need:
    which: dict[str, Param] = {"plan": facts.plan, "activity": activity.activity, "title": activity.title}
    command = "pdca activity means %(activity)s --kind … --year YEAR --planned NUMBER"
    if activity.means_stated:
        return Need(
            "activity-means-unusable",
            N_(
                "What is planned for activity %(activity)s “%(title)s” is zero, or for a year in which it does not run."
            ),
            which,
            N_("State what it takes in a year from its start to its end."),
            command,
        )
    return Need(
        "activity-without-means",
        N_("Activity %(activity)s “%(title)s” has neither means nor people planned for it."),
        which,
        N_("State the money, the hours or the people that the activity takes."),
        command,
    )


def indicators(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """At least one indicator (clauses 10, 36)."""
    if facts.indicators:
        return ()
    return (
        Need(
            "no-indicator",
            N_("The plan has no indicator."),
            {"plan": facts.plan},
            N_(
                "Tie at least one indicator to the plan; one that `pdca indicator list` does not show, an "
                "administrator adds with `pdca indicator add`."
            ),
            "pdca indicator tie %(plan)s INDICATOR --baseline NUMBER --period PERIOD",
        ),
    )


def baseline(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """Every indicator has a baseline or a reason why there is none (clauses 10, 28-29)."""
    return tuple(
        Need(
            "indicator-without-baseline",
            N_("Indicator “%(indicator)s” has no baseline and no reason why not."),
            {"plan": facts.plan, "indicator": indicator},
            N_("State the figure from which the plan begins, or the reason why there is none."),
            "pdca indicator tie %(plan)s %(indicator)s --baseline NUMBER --period PERIOD",
        )
        for indicator in facts.indicators_unbased
    )


def information_schedule(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """The project group set when partners and authorities are informed, and not all of that is past (clauses 21-23)."""
    if facts.informed_last is not None and facts.informed_last >= facts.today:
        return ()
    which: dict[str, Param] = {"plan": facts.plan}
    if facts.information_moments == 0:
        code = "no-information-schedule"
        text = N_("No moment is set at which partners and authorities are informed of the progress.")
    elif facts.informed_last is None:
        code = "information-inside-only"
        text = N_("Every moment of information is for the body itself; no partner, authority or public is informed.")
    else:
        code = "information-moments-past"
        text = N_(
            "The last moment at which a partner, an authority or the public was to be informed, %(last)s, is past."
        )
        which["last"] = facts.informed_last.isoformat()
    return (Need(code, text, which, N_("Let the project group set moments and a method for informing them."), EDIT),)


def mmm(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """A plan called MMM has a perimeter, several phenomena and several partner organisations (clauses 33-35)."""
    if not facts.mmm:
        return ()
    needs = []
    if not distinct(facts.perimeter):
        needs.append(
            Need(
                "mmm-without-perimeter",
                N_("The plan is micro-local but has no perimeter."),
                {"plan": facts.plan},
                N_("Delimit the perimeter, or do not call the plan MMM."),
                "pdca plan perimeter %(plan)s --place …",
            )
        )
    counts = (
        (
            "mmm-too-few-phenomena",
            N_("The plan is multi-phenomenon but names %(found)d of at least %(needed)d phenomena."),
            distinct(facts.phenomena),
            MINIMUM_PHENOMENA,
            N_("Name the phenomena, or do not call the plan MMM."),
            EDIT,
        ),
        (
            "mmm-too-few-partners",
            N_("The plan is multidisciplinary but has %(found)d of at least %(needed)d partner organisations."),
            facts.partner_organisations,
            MINIMUM_PARTNERS,
            N_("Add the safety partners that take part, or do not call the plan MMM."),
            "pdca group add %(plan)s PARTY",
        ),
    )
    needs += [
        Need(code, text, {"plan": facts.plan, "found": found, "needed": needed}, hint, command)
        for code, text, found, needed, hint, command in counts
        if found < needed
    ]
    return tuple(needs)


def lost(facts: Facts, definition: WorkflowDefinition) -> tuple[Need, ...]:
    """What a plan that went on from its first state lacks by now of what it had to hold for that.

    Its objective and its dates are no part of it: those change by decisions of others and by the calendar.
    """
    asked = {guard for way in definition.routes[definition.initial].values() for guard in way.guards}
    return tuple(
        need
        for guard in (rubrics, project_group, activities, means, indicators, baseline, mmm)
        if guard.__name__ in asked
        for need in guard(facts, definition)
    )


def partners_trained(facts: Facts, _definition: WorkflowDefinition) -> tuple[Need, ...]:
    """Every partner that an activity relies on had a training before (clause 26)."""
    relied_on = {activity.owner for activity in facts.activities if activity.by_partner and activity.owner}
    return tuple(
        Need(
            "partner-not-trained",
            N_("Partner “%(party)s” is relied on for an activity, but had no training."),
            {"plan": facts.plan, "party": party},
            N_("Record the training that the partner had, or hold one."),
            "pdca partner involve %(plan)s --party %(party)s --mode training --on DATE --content … --attended …",
        )
        for party in sorted(relied_on - facts.trained)
    )
