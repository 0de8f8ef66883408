"""Reading activities across plans, and the means of one."""

from pdca.store.driver import Statement

ALL = Statement(
    "activities_of_all_plans",
    """
    SELECT a.*, p.title AS plan_title, p.slug, p.restricted, p.zone, y.name AS owner_name, y.kind AS owner_kind
        FROM activity a JOIN plan p ON p.plan_id = a.plan_id LEFT JOIN party y ON y.party_id = a.owner_id
        ORDER BY length(a.plan_id), a.plan_id, a.position, a.activity_id
    """,
)
MEANS = Statement("means_of_activity", "SELECT * FROM means WHERE activity_id = :activity_id ORDER BY year, kind")
