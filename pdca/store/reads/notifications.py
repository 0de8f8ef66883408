"""Reading the outbox, and the locks by which deliverers share it."""

from typing import Final

from pdca.restricted import OUTSIDE
from pdca.store.driver import Statement

# Everything a message is made of. The deadline is the one that the message's own event set, recognised by the number
# in its id; it never changes its `since`, so a repeated message says the same. A missed evaluation's is left out:
# it counts from what happened and is nothing to be ready by. The checkpoint is the one of the first attempt.
_MESSAGES: Final = """
    SELECT n.*, r.name AS person_name, r.email, r.language, r.erased_at, a.name AS actor_name,
        coalesce(p.zone, i.zone) AS plan_zone, p.assumed AS plan_assumed, f.text AS definition_text,
        h.created_at AS digest_at,
        d.kind AS deadline_kind, d.since AS deadline_since, k.number AS checkpoint_number, k.note AS checkpoint_note,
        (SELECT CASE n.kind WHEN 'evaluation.extension_withdrawn' THEN x.withdrawn_reason ELSE x.reason END
            FROM extension x WHERE x.evaluation_id = n.evaluation_id
            AND ((n.kind = 'evaluation.extension_asked' AND x.requested_at = n.created_at)
                OR (n.kind = 'evaluation.extension_withdrawn' AND x.withdrawn_at = n.created_at)
                OR (n.kind = 'evaluation.extended' AND x.approved_at = n.created_at))
            ORDER BY x.number DESC LIMIT 1) AS extension_reason
        FROM notification n
        JOIN person r ON r.person_id = n.person_id
        JOIN installation i ON i.installation_id = 1
        LEFT JOIN notification h ON h.notification_id = n.digest
        LEFT JOIN plan p ON p.plan_id = n.plan_id
        LEFT JOIN definition f ON f.definition_id = p.definition AND f.version = p.definition_version
        LEFT JOIN event e ON e.stream = n.stream AND e.seq = n.seq
        LEFT JOIN person a ON a.person_id = e.actor
        LEFT JOIN deadline d ON d.deadline_id = (
            SELECT min(l.deadline_id) FROM deadline l WHERE l.plan_id = n.plan_id AND l.kind <> 'missed'
                AND l.deadline_id = n.plan_id || '/' || l.kind || '/' || n.seq)
        LEFT JOIN checkpoint k ON k.number = coalesce(n.checkpoint, (SELECT max(number) FROM checkpoint))
"""
_DUE: Final = "WHERE n.status = 'pending' AND n.next_attempt_at <= :now"
_BY_CHANNEL: Final = "AND n.channel = :channel"
_IN_ORDER: Final = "ORDER BY n.next_attempt_at, n.notification_id LIMIT :limit"
DUE = Statement("due_notifications", f"{_MESSAGES} {_DUE} {_IN_ORDER}")
GATHERED = Statement(
    "gathered_notifications",
    f"SELECT n.notification_id, n.digest FROM notification n {_DUE} {_BY_CHANNEL} "
    f"AND (n.together = 0 OR n.digest IS NOT NULL) {_IN_ORDER} OFFSET :after",
)
"""Those due by a channel that can be sent as they are, after so many: the others wait to be put together for their
person."""

# The key of what was enforced is that of its deadline, with the rung and the decision behind a #.
_ENFORCED: Final = "rtrim(rtrim(e.event_key, '0123456789@'), '#')"
_KINDS: Final = ", ".join(f"'{kind}'" for kind in OUTSIDE)
# Who is told nothing of a restricted plan: its stakeholders, and whoever outside owns a follow-up of it.
_HIDDEN: Final = f"""
    (coalesce(p.restricted, 0) = 1 AND (n.why = 'stakeholders' OR (n.why = 'owner' AND EXISTS (
        SELECT 1 FROM deadline o JOIN follow_up f ON f.follow_up_id = o.follow_up_id
            JOIN party y ON y.party_id = f.owner_id
            WHERE o.deadline_id = {_ENFORCED} AND y.kind IN ({_KINDS})))))
"""
_STILL: Final = f"n.status = 'pending' AND NOT {_HIDDEN}"
_NAMED: Final = "(SELECT key FROM json_each(:names))"
STILL_WAITING = Statement(
    "still_waiting_notifications",
    f"{_MESSAGES} WHERE n.notification_id IN {_NAMED} AND n.digest IS NULL AND {_STILL} ORDER BY n.notification_id",
)
"""Those that go out by themselves, as they are read just before they are sent. `names` is an object of them."""
OF_DIGESTS = Statement(
    "notifications_of_digests",
    f"{_MESSAGES} WHERE n.digest IN {_NAMED} AND {_STILL} ORDER BY n.created_at, n.notification_id",
)
SENT_OF_DIGESTS = Statement(
    "sent_of_digests", f"SELECT DISTINCT digest FROM notification WHERE digest IN {_NAMED} AND status = 'sent'"
)
# Each gives another value as soon as anybody else has written anything.
SQLITE_WRITTEN = Statement("sqlite_written", "PRAGMA data_version")
POSTGRESQL_WRITTEN = Statement("postgresql_written", "SELECT CAST(pg_current_snapshot() AS text) AS written")
HIDDEN = Statement(
    "hidden_notifications",
    f"""
    SELECT n.notification_id
        FROM notification n
        JOIN plan p ON p.plan_id = n.plan_id
        LEFT JOIN event e ON e.stream = n.stream AND e.seq = n.seq
        {_DUE} AND {_HIDDEN}
        ORDER BY n.notification_id
    """,
)
"""What is due of a plan that was restricted while it waited, for those who are told nothing of it any more."""
SCATTERED = Statement(
    "scattered_notifications",
    "SELECT notification_id, person_id, channel, created_at FROM notification WHERE status = 'pending' "
    "AND next_attempt_at <= :now AND together = 1 AND digest IS NULL "
    "ORDER BY person_id, channel, created_at, notification_id",
)
REMINDERS_WAITING = Statement(
    "reminders_waiting",
    """
    SELECT n.notification_id, n.parameters, e.status, e.due_at
        FROM notification n JOIN evaluation e ON e.evaluation_id = n.evaluation_id
        WHERE n.status = 'pending' AND n.next_attempt_at <= :now AND n.kind = 'evaluation.reminded'
        ORDER BY n.notification_id
    """,
)
OPENED_WAITING = Statement(
    "opened_waiting",
    """
    SELECT n.notification_id
        FROM notification n JOIN evaluation e ON e.evaluation_id = n.evaluation_id
        WHERE n.status = 'pending' AND n.next_attempt_at <= :now AND n.kind = 'evaluation.opened'
        AND e.status <> 'open'
        ORDER BY n.notification_id
    """,
)
"""What waits to be told of an evaluation that is open, and is so no more."""
APPROVAL_WAITING = Statement(
    "approval_of_report_waiting",
    """
    SELECT n.notification_id, n.parameters, r.report_id
        FROM notification n JOIN information_report r ON r.plan_id = n.plan_id
        WHERE n.status = 'pending' AND n.next_attempt_at <= :now AND n.kind = 'information.prepared'
        AND r.status <> 'prepared'
        ORDER BY n.notification_id
    """,
)
"""What waits to ask that a report be approved, with each report of its plan that needs no approval any more."""
APPROVAL_ASKED = Statement(
    "approval_of_plan_asked",
    """
    SELECT n.notification_id, n.parameters, a.purpose
        FROM notification n JOIN approval a ON a.plan_id = n.plan_id
        WHERE n.status = 'pending' AND n.next_attempt_at <= :now AND n.kind = 'plan.approval_asked'
        AND a.approved_at >= n.created_at AND (a.voided_at IS NULL OR a.used_at IS NOT NULL)
        ORDER BY n.notification_id
    """,
)
"""What waits to ask that a plan be approved, with each purpose for which that was done since and stands or was used."""
EXTENSION_ASKED = Statement(
    "extension_asked",
    """
    SELECT n.notification_id
        FROM notification n
        JOIN extension x ON x.evaluation_id = n.evaluation_id AND x.requested_at = n.created_at
        WHERE n.status = 'pending' AND n.next_attempt_at <= :now AND n.kind = 'evaluation.extension_asked'
        AND (x.approved_at IS NOT NULL OR x.withdrawn_at IS NOT NULL)
        ORDER BY n.notification_id
    """,
)
"""What waits to ask for another date that was approved, or is asked for no more."""
PROGRAMME_EXTENSION_ASKED = Statement(
    "programme_extension_asked",
    """
    SELECT n.notification_id, n.parameters, x.evaluation_id
        FROM notification n JOIN programme_extension x ON x.requested_at = n.created_at
        WHERE n.status = 'pending' AND n.next_attempt_at <= :now AND n.kind = 'programme.evaluation_extension_asked'
        AND (x.approved_at IS NOT NULL OR x.withdrawn_at IS NOT NULL)
        ORDER BY n.notification_id
    """,
)
"""The same of the evaluations of programmes, with each that was asked for just then: only its parameters name its own.
"""
DUE_NO_MORE = Statement(
    "due_no_more",
    f"""
    SELECT n.notification_id
        FROM notification n
        JOIN event e ON e.stream = n.stream AND e.seq = n.seq
        JOIN deadline d ON d.deadline_id = {_ENFORCED}
        WHERE n.status = 'pending' AND n.next_attempt_at <= :now
        AND (n.kind LIKE '%overdue' OR n.kind IN ('followup.due', 'plan.watch_due', 'programme.evaluation_due'))
        AND d.status IN ('done', 'void')
        ORDER BY n.notification_id
    """,
)
"""What waits to be told of a deadline that is over: what it waited for happened, or has another date."""

LET_GO = Statement(
    "mails_of_reports_let_go",
    """
    SELECT n.notification_id, n.parameters, r.report_id
        FROM information_report r JOIN notification n ON n.plan_id = r.plan_id
        WHERE r.status IN ('replaced', 'cancelled') AND r.method = 'mail'
        AND n.kind = 'information.report' AND n.status IN ('pending', 'dead')
        ORDER BY n.notification_id
    """,
)
"""What was to bring a report of a plan, beside each of its reports that was prepared anew or cancelled since."""

OPEN_OR_LAPSED = Statement(
    "open_or_lapsed_notifications",
    "SELECT notification_id, attempts, status FROM notification "
    f"WHERE notification_id IN {_NAMED} AND status IN ('pending', 'lapsed') "
    "ORDER BY notification_id",
    lock="wait",
)
"""Those of which something may have become; also what lapsed while it was being sent. `names` is an object of them."""
WAITING = Statement("waiting_notifications", "SELECT count(*) AS waiting FROM notification WHERE status = 'pending'")
WAITING_FOR = Statement(
    "waiting_notifications_for_channel",
    "SELECT count(*) AS waiting FROM notification WHERE status = 'pending' AND channel = :channel",
)
WAITING_BY_CHANNEL = Statement(
    "waiting_notifications_by_channel",
    "SELECT channel, count(*) AS waiting, sum(CASE WHEN next_attempt_at <= :now THEN 1 ELSE 0 END) AS due "
    "FROM notification WHERE status = 'pending' GROUP BY channel ORDER BY channel",
)
HELD = Statement(
    "held_notifications",
    "SELECT notification_id, kind, parameters, created_at FROM notification "
    "WHERE person_id = :person_id AND status = 'pending' AND attempts = 0 AND digest IS NULL "
    "AND not_before > :now ORDER BY created_at, notification_id",
    lock="wait",
)
"""What waits for the day on which its person wants to be told."""
MESSAGE = Statement("notification", f"{_MESSAGES} WHERE n.notification_id = :notification_id")
TOGETHER = Statement(
    "notifications_together", f"{_MESSAGES} WHERE n.digest = :digest ORDER BY n.created_at, n.notification_id"
)
"""Those that go, or went, out as one message."""
OF_PERSON = Statement(
    "notifications_of_person",
    "SELECT notification_id, stream, status, last_error, parameters FROM notification WHERE person_id = :person_id "
    "ORDER BY notification_id",
)
BY_CHANNEL = Statement(
    "notifications_by_channel",
    "SELECT notification_id, person_id, digest FROM notification WHERE channel = :channel ORDER BY notification_id",
)
STATUS_OF = Statement(
    "status_of_notification", "SELECT status FROM notification WHERE notification_id = :notification_id"
)
GIVEN_UP = Statement(
    "given_up_notifications",
    "SELECT notification_id, plan_id, channel, digest FROM notification WHERE status = 'dead' "
    "ORDER BY created_at, stream, seq, length(notification_id), notification_id",
    lock="wait",
)
NEXT_ATTEMPT = Statement(
    "next_attempt", "SELECT min(next_attempt_at) AS next_attempt_at FROM notification WHERE status = 'pending'"
)
BY_STATUS = Statement(
    "notifications_by_status", "SELECT status, count(*) AS messages FROM notification GROUP BY status ORDER BY status"
)

# The locks belong to the session: the server gives them free when the connection of a killed deliverer breaks, and when
# a frozen one stays silent.
END_WHEN_SILENT = Statement("end_when_silent", "SELECT set_config('idle_session_timeout', :silent, false) AS silent")
TRY_LEASES = Statement(
    "try_leases",
    "SELECT number, pg_try_advisory_lock(:room, number) AS mine FROM unnest(CAST(:numbers AS integer[])) AS number",
)
KEEP_LEASE = Statement("keep_lease", "SELECT 1 AS here")
END_LEASES = Statement("end_leases", "SELECT pg_advisory_unlock_all() AS ended")
LISTED = Statement(
    "listed_notifications",
    """
    SELECT n.*, r.name AS person_name, r.assumed AS person_assumed, p.assumed, p.restricted
        FROM notification n JOIN person r ON r.person_id = n.person_id LEFT JOIN plan p ON p.plan_id = n.plan_id
        WHERE n.status = :status OR :status = ''
        ORDER BY n.created_at, n.stream, n.seq, length(n.notification_id), n.notification_id
    """,
)
