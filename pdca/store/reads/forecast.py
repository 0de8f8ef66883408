"""Reading, in a copy that was played with, what the scheduler did there and whom it would tell."""

from pdca.store.driver import Statement

# The key of what was enforced is that of its deadline, with the rung behind a #.
ENFORCED = Statement(
    "sqlite_enforced_after",
    """
    SELECT e.stream, e.seq, e.kind, e.at, e.event_key, e.body, d.kind AS what, d.evaluation_id,
        coalesce(d.evaluation_id, d.follow_up_id, d.information_id, d.programme_evaluation_id) AS subject,
        d.programme_id, p.plan_id,
        p.slug, coalesce(p.title, g.title) AS title, p.zone, p.assumed, v.assumed AS programme_assumed, p.restricted
        FROM event e
        LEFT JOIN deadline d ON d.deadline_id = substr(e.event_key, 1, instr(e.event_key, '#') - 1)
        LEFT JOIN plan p ON p.plan_id = e.plan_id
        LEFT JOIN programme g ON g.programme_id = d.programme_id
        LEFT JOIN programme_evaluation v ON v.evaluation_id = d.programme_evaluation_id
        WHERE e.event_id > :after AND e.event_key IS NOT NULL ORDER BY e.event_id
    """,
)
TOLD = Statement(
    "told_after",
    """
    SELECT n.stream, n.seq, n.person_id, n.why, r.name
        FROM event e
        JOIN notification n ON n.stream = e.stream AND n.seq = e.seq
        JOIN person r ON r.person_id = n.person_id
        WHERE e.event_id > :after AND e.event_key IS NOT NULL
        ORDER BY e.event_id, length(n.notification_id), n.notification_id
    """,
)
INFORMATION = Statement(
    "information_to_come",
    """
    SELECT i.information_id, i.plan_id, i.party_id, i.due_date, i.method, i.assumed, y.name AS party_name, p.slug,
        p.title, p.state, p.definition, p.definition_version, p.restricted
        FROM information_moment i
        JOIN party y ON y.party_id = i.party_id
        JOIN plan p ON p.plan_id = i.plan_id
        WHERE coalesce(i.status, '') <> 'cancelled' AND i.due_date BETWEEN :today AND :until
        ORDER BY i.due_date, i.information_id
    """,
)
# Of a plan that has ended nothing is to come; a reminder is no date of its own.
HELD = Statement(
    "held_in_suspended_plans",
    """
    SELECT d.deadline_id, d.kind AS what, d.due_at, coalesce(d.evaluation_id, d.follow_up_id) AS subject, p.plan_id,
        p.slug, p.title, p.zone, p.assumed, p.restricted
        FROM deadline d JOIN plan p ON p.plan_id = d.plan_id
        WHERE d.status = 'held' AND p.resume_state IS NOT NULL AND d.kind <> 'reminder' AND d.due_at <= :until
        ORDER BY d.due_at, d.deadline_id
    """,
)
