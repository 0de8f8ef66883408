"""Reading who is to be invited to which evaluation, and who was."""

from typing import Final

from pdca.store.driver import Statement
from pdca.store.reads.people import HOLDING

_ONE: Final = "(:evaluation_id = '' OR e.evaluation_id = :evaluation_id)"

# Whoever wants it and works on the plan, with the days between which; whether that holds on the day is for the reader.
WANTED = Statement(
    "invitations_wanted",
    f"""
    SELECT e.evaluation_id, e.plan_id, e.due_at, h.person_id, h.from_date, h.until_date, h.acts_from, h.acts_until,
        w.role, w.member_from, w.member_until, p.zone
        FROM person r JOIN ({HOLDING}) AS h ON h.person_id = r.person_id
        JOIN (
            SELECT plan_id, lead_id AS party_id, 'lead' AS role, NULL AS member_from, NULL AS member_until FROM plan
            UNION ALL
            SELECT plan_id, party_id, 'group', from_date, until_date FROM group_member
        ) AS w ON w.party_id = h.party_id
        JOIN evaluation e ON e.plan_id = w.plan_id AND e.status IN ('planned', 'open') AND e.due_at > :now AND {_ONE}
        JOIN plan p ON p.plan_id = e.plan_id
        WHERE r.invited_since IS NOT NULL AND coalesce(r.email, '') <> ''
        ORDER BY e.evaluation_id, w.role DESC, length(h.person_id), h.person_id
    """,
)
# What was over as it was planned is no invitation any more that could be taken back.
SENT = Statement(
    "invitations_sent",
    f"""
    SELECT i.*, e.plan_id FROM invitation i JOIN evaluation e ON e.evaluation_id = i.evaluation_id
        WHERE i.status = 'invited' AND (e.due_at > :now OR e.status IN ('missed', 'cancelled')) AND {_ONE}
        ORDER BY i.evaluation_id, length(i.person_id), i.person_id
    """,
)
BEFORE = Statement(
    "invitations_to_evaluation", "SELECT * FROM invitation WHERE evaluation_id = :evaluation_id ORDER BY person_id"
)
