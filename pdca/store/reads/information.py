"""Reading who is informed of a plan, when, how, what was prepared and sent, and what came back."""

from pdca.store.driver import Statement

DECISIONS = Statement(
    "information_schedules", "SELECT * FROM information_schedule WHERE plan_id = :plan_id ORDER BY number"
)
PLANS = Statement(
    "plans_with_information_schedule", "SELECT DISTINCT plan_id FROM information_schedule ORDER BY plan_id"
)
IN_FORCE = Statement(
    "information_schedules_in_force",
    """
    SELECT s.*, p.title AS plan_title, p.slug, p.assumed, p.restricted, y.name AS party_name, y.kind AS party_kind,
        y.assumed AS party_assumed,
        (SELECT min(m.due_date) FROM information_moment m WHERE m.plan_id = s.plan_id AND m.party_id = s.party_id
            AND m.status = 'planned') AS next_date
        FROM information_schedule s JOIN plan p ON p.plan_id = s.plan_id JOIN party y ON y.party_id = s.party_id
        WHERE s.number = (SELECT max(t.number) FROM information_schedule t
            WHERE t.plan_id = s.plan_id AND t.party_id = s.party_id)
        ORDER BY s.plan_id, s.number
    """,
)
MOMENTS = Statement(
    "information_moments_of_party",
    "SELECT * FROM information_moment WHERE plan_id = :plan_id AND party_id = :party_id "
    "ORDER BY due_date, information_id",
)
MOMENT = Statement("information_moment", "SELECT * FROM information_moment WHERE information_id = :information_id")
DEADLINES = Statement(
    "deadlines_of_information",
    "SELECT deadline_id, due_at, status, error, step FROM deadline "
    "WHERE plan_id = :plan_id AND kind = 'information' "
    "ORDER BY deadline_id",
)
DEADLINE = Statement("deadline_of_information", "SELECT * FROM deadline WHERE deadline_id = :information_id")
DECISION = Statement(
    "information_decision",
    "SELECT * FROM information_schedule WHERE plan_id = :plan_id AND number = :number",
)
REPORT = Statement("information_report", "SELECT * FROM information_report WHERE report_id = :report_id")
REPORTS = Statement(
    "information_reports_of_plan",
    "SELECT * FROM information_report WHERE plan_id = :plan_id ORDER BY length(report_id), report_id",
)
EVERY_REPORT = Statement(
    "every_information_report",
    """
    SELECT r.report_id, r.information_id, r.plan_id, r.party_id, r.audience, r.method, r.since, r.prepared_at,
        r.prepared_by, r.status, r.approved_by, r.approved_at, r.approved_reason, r.sent_at, r.withdrawn_at, r.hashes,
        r.language,
        m.due_date, m.status AS moment_status, p.title AS plan_title, p.slug, p.restricted, p.assumed, p.zone,
        y.name AS party_name, y.kind AS party_kind, y.assumed AS party_assumed, a.name AS approved_by_name
        FROM information_report r JOIN information_moment m ON m.information_id = r.information_id
        JOIN plan p ON p.plan_id = r.plan_id JOIN party y ON y.party_id = r.party_id
        LEFT JOIN person a ON a.person_id = r.approved_by
        ORDER BY r.prepared_at, length(r.report_id), r.report_id
    """,
)
OPEN = Statement(
    "information_reports_open",
    "SELECT report_id, information_id, plan_id, method, status FROM information_report "
    "WHERE status IN ('prepared', 'approved', 'sent') ORDER BY length(report_id), report_id",
)
LAST_TOLD = Statement(
    "last_report_told",
    "SELECT prepared_at FROM information_report WHERE plan_id = :plan_id AND party_id = :party_id "
    "AND status = 'informed' ORDER BY prepared_at DESC LIMIT 1",
)
RECEIPTS = Statement(
    "information_receipts_of_plan",
    "SELECT c.* FROM information_receipt c JOIN information_report r ON r.report_id = c.report_id "
    "WHERE r.plan_id = :plan_id ORDER BY c.report_id, c.number",
)
RECEIPTS_OF_REPORT = Statement(
    "information_receipts_of_report",
    "SELECT * FROM information_receipt WHERE report_id = :report_id ORDER BY number",
)
TO_HAND_OVER = Statement(
    "reports_to_hand_over",
    "SELECT report_id, plan_id, method FROM information_report WHERE status = 'approved' "
    "AND method IN ('letter', 'web', 'webhook') ORDER BY prepared_at, report_id",
)
# What may lie in the folder of letters and pages, with the version of its plan: only when that is another may it have
# come to tell what is withheld. What is approved lies there when whoever wrote it was killed before the record.
WRITTEN = Statement(
    "reports_written",
    "SELECT r.report_id, r.plan_id, r.method, r.language, r.hashes, p.version AS plan_version "
    "FROM information_report r JOIN plan p ON p.plan_id = r.plan_id "
    "WHERE r.method IN ('letter', 'web') AND r.status IN ('approved', 'sent', 'informed', 'replaced', 'cancelled') "
    "ORDER BY r.report_id",
)
MAILED = Statement(
    "reports_mailed",
    "SELECT report_id, plan_id FROM information_report WHERE status = 'sent' AND method = 'mail' "
    "ORDER BY prepared_at, report_id",
)
MESSAGES = Statement(
    "messages_of_reports",
    "SELECT n.notification_id, n.person_id, n.status, n.sent_at, n.sha256, n.attached, n.created_at, n.parameters, "
    "n.last_error "
    "FROM notification n WHERE n.plan_id = :plan_id AND n.kind = 'information.report' "
    "ORDER BY n.created_at, n.notification_id",
)
EXPECTED = Statement(
    "information_expected",
    """
    SELECT m.*, p.title AS plan_title, p.slug, p.restricted, p.zone, y.name AS party_name, y.kind AS party_kind,
        y.assumed AS party_assumed
        FROM information_moment m JOIN plan p ON p.plan_id = m.plan_id JOIN party y ON y.party_id = m.party_id
        ORDER BY m.due_date, length(m.information_id), m.information_id
    """,
)
