"""Reading what waits for somebody besides the deadlines of plans."""

from pdca.store.driver import Statement

# The last request to move an evaluation that is still to come, while nobody approved or withdrew it.
WAITING_EXTENSIONS = Statement(
    "waiting_extensions",
    """
    SELECT x.evaluation_id, x.requested_by, x.requested_at, e.plan_id, e.due_at
        FROM extension x JOIN evaluation e ON e.evaluation_id = x.evaluation_id
        WHERE x.approved_at IS NULL AND x.withdrawn_at IS NULL AND e.status = 'planned' AND e.due_at > :now
        AND x.number = (SELECT max(y.number) FROM extension y WHERE y.evaluation_id = x.evaluation_id)
        ORDER BY e.due_at, x.evaluation_id
    """,
)
# A programme that is only described has no title and no state.
WAITING_EXTENSIONS_OF_PROGRAMMES = Statement(
    "waiting_extensions_of_programmes",
    """
    SELECT x.evaluation_id, x.requested_by, e.programme_id, e.assumed, g.title, g.status AS state, d.since AS due_at,
        i.zone
        FROM programme_extension x JOIN programme_evaluation e ON e.evaluation_id = x.evaluation_id
        JOIN deadline d ON d.programme_evaluation_id = x.evaluation_id AND d.status = 'pending' AND d.since > :now
        LEFT JOIN programme g ON g.programme_id = e.programme_id JOIN installation i ON i.installation_id = 1
        WHERE x.approved_at IS NULL AND x.withdrawn_at IS NULL
        AND x.number = (SELECT max(y.number) FROM programme_extension y WHERE y.evaluation_id = x.evaluation_id)
        ORDER BY d.since, x.evaluation_id
    """,
)
# An end that is stated as a month or a year sorts before its own days: the reader looks again.
ACTIVITIES_PAST = Statement(
    "activities_past_their_end",
    "SELECT activity_id, plan_id, title, owner_id, end_date, assumed FROM activity "
    "WHERE status IN ('planned', 'running') AND end_date < :today ORDER BY end_date, activity_id",
)
FOLLOW_UPS_OPEN = Statement(
    "follow_ups_to_answer",
    "SELECT follow_up_id, plan_id, owner_id, due_date FROM follow_up WHERE status = 'open' "
    "ORDER BY due_date, follow_up_id",
)
UNANSWERED = Statement(
    "reactions_to_answer",
    "SELECT reaction_id, plan_id, party_id, received_on FROM reaction WHERE answered_at IS NULL "
    "ORDER BY received_on, reaction_id",
)
