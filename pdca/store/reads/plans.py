"""Reading plans and what belongs to them."""

from pdca.store.driver import Statement
from pdca.store.reads.asked import ASKED

LOCK_PLAN = Statement("lock_plan", "SELECT * FROM plan WHERE plan_id = :plan_id", lock="wait")
LOCK_PLANS = Statement("lock_plans", "SELECT plan_id FROM plan ORDER BY plan_id", lock="wait")
"""All of them, always in one order."""
LOCK_PLAN_IF_FREE = Statement("lock_plan_if_free", LOCK_PLAN.sqlite, lock="skip")
PLAN = Statement("plan", "SELECT * FROM plan WHERE plan_id = :plan_id")
DEFINITION = Statement(
    "definition", "SELECT * FROM definition WHERE definition_id = :definition_id AND version = :version"
)
DEFINITIONS = Statement(
    "definitions", "SELECT definition_id, version, sha256 FROM definition ORDER BY definition_id, version DESC"
)
PLAN_NAMES = Statement("plan_names", "SELECT plan_id, slug FROM plan ORDER BY length(plan_id), plan_id")
# The state of an evaluation is looked at within those of the plan: asked for as well, SQLite would go through every
# planned evaluation once for each plan.
PLANS = Statement(
    "plans",
    """
    SELECT p.plan_id, p.slug, p.title, p.state, p.state_since, p.cycle, p.lead_id, p.objective_id, p.programme_id,
        p.period_start, p.period_end, p.restricted, p.mmm, p.assumed, p.zone, p.definition, p.definition_version,
        (SELECT min(CASE WHEN e.status = 'planned' THEN e.due_at END) FROM evaluation e WHERE e.plan_id = p.plan_id)
            AS next_due_at,
        (SELECT count(*) FROM evaluation e JOIN extension x ON x.evaluation_id = e.evaluation_id
            WHERE e.plan_id = p.plan_id AND x.approved_at IS NOT NULL) AS extensions,
        (SELECT min(d.since) FROM deadline d WHERE d.plan_id = p.plan_id AND (d.status = 'set_aside'
            OR (d.status IN ('pending', 'held', 'overdue') AND d.step > 0))) AS overdue_since
        FROM plan p ORDER BY length(p.plan_id), p.plan_id
    """,
)
# As much of them as a line of the board tells.
LINES = Statement(
    "plan_lines",
    """
    SELECT p.plan_id, p.slug, p.title, p.state, p.state_since, p.cycle, p.lead_id, p.objective_id, p.programme_id,
        p.period_start, p.period_end, p.restricted, p.mmm, p.assumed, p.zone, p.definition, p.definition_version,
        p.evaluations_withheld, p.watch, p.watch_again,
        (SELECT count(*) FROM evaluation e JOIN extension x ON x.evaluation_id = e.evaluation_id
            WHERE e.plan_id = p.plan_id AND x.approved_at IS NOT NULL) AS extensions
        FROM plan p ORDER BY length(p.plan_id), p.plan_id
    """,
)

# The day from which nobody holds a party any more, 9999 while it has no end; NULL when nobody ever did.
_HELD_UNTIL = (
    "(SELECT max(coalesce(h.until_date, '9999')) FROM appointment h WHERE h.party_id = y.party_id) AS held_until"
)
_LEAD_PARTY = """
    WITH RECURSIVE above(plan_id, objective_id, parent_id, disposition) AS (
        SELECT p.plan_id, o.objective_id, o.parent_id, o.disposition FROM objective o
            JOIN plan p ON p.objective_id = o.objective_id WHERE p.plan_id {which}
        UNION
        SELECT above.plan_id, o.objective_id, o.parent_id, o.disposition FROM objective o
            JOIN above ON above.parent_id = o.objective_id WHERE above.disposition = 'candidate'
    )
    SELECT {of_plan}y.*, {held_until},
        (SELECT count(*) FROM above a WHERE a.plan_id = p.plan_id AND a.disposition = 'retained') AS retained
        FROM plan p LEFT JOIN party y ON y.party_id = p.lead_id WHERE p.plan_id {which}
"""
# The party that leads a plan (its columns are NULL when none does), and whether the objective of the plan is retained:
# by what was decided over it, and where nothing was, by what was decided over the one above it.
LEAD_PARTY = Statement("lead_party", _LEAD_PARTY.format(of_plan="", held_until=_HELD_UNTIL, which="= :plan_id"))
LEAD_PARTIES = Statement(
    "lead_party_of_plans",
    _LEAD_PARTY.format(of_plan="p.plan_id AS of_plan, ", held_until=_HELD_UNTIL, which=f"IN {ASKED}"),
)
GROUP = Statement(
    "group",
    f"SELECT y.*, {_HELD_UNTIL}, m.position, m.role, m.from_date, m.until_date "
    "FROM group_member m JOIN party y ON y.party_id = m.party_id "
    "WHERE m.plan_id = :plan_id ORDER BY m.position, m.party_id",
)
RUBRICS = Statement("rubrics", "SELECT * FROM rubric WHERE plan_id = :plan_id ORDER BY rubric_id")
# Everything that may be kept from somebody: the rubrics, and the plans that are restricted or withhold something.
RUBRICS_WITHHELD = Statement(
    "rubrics_withheld", "SELECT plan_id, rubric_id, withheld_from FROM rubric WHERE withheld_from IS NOT NULL"
)
PLANS_WITHHELD = Statement(
    "plans_withheld",
    """
    SELECT p.plan_id, p.restricted, p.evaluations_withheld FROM plan p
        WHERE p.restricted = 1 OR p.evaluations_withheld IS NOT NULL
            OR EXISTS (SELECT 1 FROM rubric r WHERE r.plan_id = p.plan_id AND r.withheld_from IS NOT NULL)
        ORDER BY length(p.plan_id), p.plan_id
    """,
)
RUBRIC_REVISIONS = Statement(
    "rubric_revisions",
    "SELECT * FROM rubric_revision WHERE plan_id = :plan_id AND rubric_id = :rubric_id ORDER BY revision",
)
# The objectives under a plan, where its method has them there.
PLAN_OBJECTIVES = Statement(
    "plan_objectives", "SELECT * FROM plan_objective WHERE plan_id = :plan_id ORDER BY position, objective_id"
)
EVERY_PLAN_OBJECTIVE = Statement(
    "every_plan_objective",
    """
    SELECT o.*, p.programme_id, p.restricted, p.definition, p.definition_version
        FROM plan_objective o JOIN plan p ON p.plan_id = o.plan_id
        ORDER BY length(o.plan_id), o.plan_id, o.position, o.objective_id
    """,
)
ACTIVITIES = Statement("activities", "SELECT * FROM activity WHERE plan_id = :plan_id ORDER BY position, activity_id")
# As much of them as tells what goes with a rubric that is withheld.
ACTIVITY_PLACES = Statement(
    "activity_places",
    "SELECT activity_id, rubric_id, indicator_id FROM activity WHERE plan_id = :plan_id ORDER BY position, activity_id",
)

# Counts of the means stated for an activity `a`: those that plan something in a year that it touches, and all.
COUNTED_MEANS = """
    (SELECT count(*) FROM means m WHERE m.activity_id = a.activity_id AND CAST(m.planned AS NUMERIC) > 0
        AND (a.start_date IS NULL OR m.year >= CAST(substr(a.start_date, 1, 4) AS INTEGER))
        AND (a.end_date IS NULL OR m.year <= CAST(substr(a.end_date, 1, 4) AS INTEGER))) AS means,
    (SELECT count(*) FROM means m WHERE m.activity_id = a.activity_id AND m.planned IS NOT NULL) AS means_stated
"""

# What the guards ask of an activity that is not dropped: its rubric, whether means are planned, and what kind of party
# answers for it.
ACTIVITY_FACTS = Statement(
    "activity_facts",
    f"""
    SELECT a.activity_id, a.title, a.owner_id, a.rubric_id, a.start_date, a.end_date, y.kind AS owner_kind,
        {COUNTED_MEANS}
        FROM activity a LEFT JOIN party y ON y.party_id = a.owner_id
        WHERE a.plan_id = :plan_id AND a.status <> 'dropped' ORDER BY a.position, a.activity_id
    """,
)
PLAN_INDICATORS = Statement(
    "plan_indicators",
    "SELECT i.*, l.position, l.baseline, l.baseline_period, l.baseline_missing, l.baseline_assumed "
    "FROM plan_indicator l JOIN indicator i ON i.indicator_id = l.indicator_id "
    "WHERE l.plan_id = :plan_id ORDER BY l.position, l.indicator_id",
)
MEASUREMENTS = Statement(
    "measurements", "SELECT * FROM measurement WHERE indicator_id = :indicator_id ORDER BY period, number"
)
# The figures of what a plan is measured by, as far as it has to be known that there are any.
FIGURES = Statement(
    "figures_of_plan",
    "SELECT m.indicator_id, m.period, m.known_at FROM plan_indicator l "
    "JOIN measurement m ON m.indicator_id = l.indicator_id "
    "WHERE l.plan_id = :plan_id ORDER BY m.indicator_id, m.period, m.number",
)
INFORMATION_MOMENTS = Statement(
    "information_moments",
    "SELECT * FROM information_moment WHERE plan_id = :plan_id ORDER BY due_date, information_id",
)
# Each with the report that stands for it, and the day of its last receipt.
INFORMATION_GIVEN = Statement(
    "information_given",
    """
    SELECT m.*, r.report_id, r.status AS report_status, (SELECT max(c.happened_on) FROM information_receipt c
            WHERE c.report_id = r.report_id) AS received_on
        FROM information_moment m LEFT JOIN information_report r
            ON r.information_id = m.information_id AND r.status NOT IN ('replaced', 'cancelled')
        WHERE m.plan_id = :plan_id ORDER BY m.due_date, m.information_id
    """,
)
# Whom the information schedule of a plan is for, and when.
INFORMED = Statement(
    "informed",
    "SELECT m.due_date, y.kind FROM information_moment m JOIN party y ON y.party_id = m.party_id "
    "WHERE m.plan_id = :plan_id AND coalesce(m.status, '') NOT IN ('cancelled', 'withheld') "
    "ORDER BY m.due_date, m.information_id",
)
OBJECTIVE = Statement("objective", "SELECT * FROM objective WHERE objective_id = :objective_id")
OBJECTIVES = Statement("objectives", "SELECT * FROM objective ORDER BY programme_id, position, objective_id")
PROGRAMMES = Statement("programmes", "SELECT * FROM programme ORDER BY period_start, programme_id")
INDICATORS = Statement("indicators", "SELECT * FROM indicator ORDER BY indicator_id")
