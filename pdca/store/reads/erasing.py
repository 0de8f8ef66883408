"""Reading what was decided about erasing, and whose term may be over."""

from pdca.store.driver import Statement
from pdca.store.reads.asked import ASKED

RULES = Statement(
    "erasure_rules",
    "SELECT e.*, r.name AS person_name, r.assumed AS person_assumed FROM erasure_rule e "
    "LEFT JOIN person r ON r.person_id = e.decided_by ORDER BY e.kind, e.number",
)
RUNS = Statement("erasure_runs", "SELECT * FROM erasure_run ORDER BY at, kind, number")
# A run has no event of its own number: it is in the one of its instant.
SAID_SINCE = Statement(
    "plans_of_which_something_was_said_since",
    f"""
    SELECT DISTINCT e.plan_id FROM event e JOIN event_private v ON v.event_id = e.event_id
        WHERE e.plan_id IN {ASKED} AND e.stream = e.plan_id AND e.kind <> 'value.erased' AND v.payload <> '{{}}'
            AND e.event_id >
                (SELECT coalesce(max(r.event_id), 0) FROM event r WHERE r.kind = 'retention.applied' AND r.at <= :at)
    """,
)
SETTLED = Statement(
    "settled_notifications",
    "SELECT notification_id, status, coalesce(sent_at, created_at) AS at FROM notification WHERE status <> 'pending'",
)
# Where nothing was ever erased the events need not be read.
_ERASING = (
    "SELECT max(event_id) AS event_id FROM event WHERE kind IN ('person.erased', 'value.erased') "
    "AND EXISTS (SELECT 1 FROM erased_value)"
)
LAST = Statement("last_erasing_event", _ERASING)
UNSCRUBBED = Statement(
    "last_unscrubbed_event", f"{_ERASING} AND event_id > coalesce((SELECT s.event_id FROM scrubbed s), 0)"
)
SCRUB = Statement(
    "note_scrubbed",
    "INSERT INTO scrubbed (number, event_id) VALUES (1, :event_id) "
    "ON CONFLICT (number) DO UPDATE SET event_id = excluded.event_id",
)
# Touches a row for one worker alone: for the others it was tried already.
TRY_TO_SCRUB = Statement(
    "note_try_to_scrub",
    """
    INSERT INTO scrubbed (number, event_id, tried_event, tried_on) VALUES (1, 0, :event_id, :day)
        ON CONFLICT (number) DO UPDATE SET tried_event = excluded.tried_event, tried_on = excluded.tried_on
            WHERE coalesce(scrubbed.tried_event, 0) <> excluded.tried_event
                OR coalesce(scrubbed.tried_on, '') <> excluded.tried_on
    """,
)
EVENTS = Statement(
    "erasing_events",
    """
    SELECT e.event_id, e.body, v.payload FROM event e LEFT JOIN event_private v ON v.event_id = e.event_id
        WHERE e.kind IN ('person.erased', 'value.erased', 'retention.applied') ORDER BY e.event_id
    """,
)
