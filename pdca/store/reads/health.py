"""Reading what tells whether a database is sound."""

from pdca.store.driver import Statement

QUICK_CHECK = Statement("sqlite_quick_check", "PRAGMA quick_check(1)")
JOURNAL_MODE = Statement("sqlite_journal_mode", "PRAGMA journal_mode")
ADMINISTRATORS = Statement(
    "administrators_who_can_act",
    "SELECT count(*) AS people FROM person WHERE access = 'administrator' AND login IS NOT NULL",
)
ZONES = Statement("zones", "SELECT zone FROM installation UNION SELECT zone FROM plan ORDER BY zone")
OLDEST_PENDING = Statement(
    "oldest_pending_notification", "SELECT min(not_before) AS not_before FROM notification WHERE status = 'pending'"
)
HELD_UP = Statement(
    "held_up_notifications",
    "SELECT channel, last_error AS reason, count(*) AS messages FROM notification "
    "WHERE status = 'pending' AND attempts >= :attempts GROUP BY channel, last_error "
    "ORDER BY count(*) DESC, channel, last_error LIMIT :shown",
)
OVERDUE = Statement("count_overdue", "SELECT count(*) AS overdue FROM deadline WHERE status = 'overdue'")
