"""Reading, in a copy that was played with, what the scheduler did there and whom it would tell."""

from pdca.store.driver import Statement

# The key of what was enforced is that of its deadline, with the rung behind a #.
ENFORCED = Statement(
    "sqlite_enforced_after",
    """
    SELECT e.stream, e.seq, e.kind, e.at, e.event_key, e.body, d.kind AS what, d.evaluation_id, p.plan_id,
        p.slug, p.title, p.zone, p.assumed, p.restricted
        FROM event e
        LEFT JOIN deadline d ON d.deadline_id = substr(e.event_key, 1, instr(e.event_key, '#') - 1)
        LEFT JOIN plan p ON p.plan_id = e.plan_id
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
