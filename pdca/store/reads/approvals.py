"""Reading approvals of plans."""

from pdca.store.driver import Statement

OF_PLAN = Statement("approvals_of_plan", "SELECT * FROM approval WHERE plan_id = :plan_id ORDER BY number")
STANDING = Statement(
    "standing_approvals_of_plan",
    "SELECT * FROM approval WHERE plan_id = :plan_id AND voided_at IS NULL ORDER BY number",
)
LIVE = Statement(
    "live_approvals_of_plan",
    "SELECT * FROM approval WHERE plan_id = :plan_id AND used_at IS NULL AND voided_at IS NULL ORDER BY number",
)
