"""Reading who is to be invited to which evaluation, and who was.

A sweep asks this every minute: it begins with the people who want it and comes to their plans by indexes. The order of
the joins is held by CROSS JOIN, for on one engine it is otherwise anybody's guess.
"""

from typing import Final

from pdca.store.driver import Statement

_WISHES: Final = "r.invited_since IS NOT NULL AND coalesce(r.email, '') <> ''"
_ONE: Final = "(:evaluation_id = '' OR e.evaluation_id = :evaluation_id)"

# Whoever wants it and works on a plan, with the days between which; whether that holds on the day, and whether the
# evaluation is to take place, is for the reader.
ANYBODY = Statement(
    "anybody_invited",
    """
    SELECT EXISTS (SELECT 1 FROM person WHERE invited_since IS NOT NULL) AS wishes,
        EXISTS (SELECT 1 FROM invitation WHERE due_at > :since AND status = 'invited') AS told
    """,
)
WANTED = Statement(
    "invitations_wanted",
    f"""
    WITH held(person_id, party_id, from_date, until_date, acts_from, acts_until) AS (
        SELECT r.person_id, a.party_id, a.from_date, a.until_date, NULL, NULL
            FROM person r CROSS JOIN appointment a WHERE {_WISHES} AND a.person_id = r.person_id
        UNION ALL
        SELECT r.person_id, a.party_id, a.from_date, a.until_date, s.from_date, s.until_date
            FROM person r CROSS JOIN substitution s CROSS JOIN appointment a
            WHERE {_WISHES} AND s.substitute_id = r.person_id AND a.person_id = s.absent_id
    ), working(plan_id, role, member_from, member_until, person_id, from_date, until_date, acts_from, acts_until) AS (
        SELECT p.plan_id, 'lead', NULL, NULL, h.person_id, h.from_date, h.until_date, h.acts_from, h.acts_until
            FROM held h CROSS JOIN plan p WHERE p.lead_id = h.party_id
        UNION ALL
        SELECT m.plan_id, 'group', m.from_date, m.until_date, h.person_id, h.from_date, h.until_date, h.acts_from,
            h.acts_until
            FROM held h CROSS JOIN group_member m WHERE m.party_id = h.party_id
    )
    SELECT w.*, e.evaluation_id, e.due_at, e.status, p.zone
        FROM working w CROSS JOIN evaluation e CROSS JOIN plan p
        WHERE e.plan_id = w.plan_id AND e.due_at > :now AND {_ONE} AND p.plan_id = w.plan_id
        ORDER BY e.evaluation_id, w.role DESC, length(w.person_id), w.person_id
    """,
)
# What was over as it was planned is no invitation any more that could be taken back.
SENT = Statement(
    "invitations_sent",
    f"""
    SELECT i.*, e.plan_id FROM invitation i CROSS JOIN evaluation e
        WHERE e.evaluation_id = i.evaluation_id AND i.due_at > :since AND i.status = 'invited'
        AND (e.due_at > :now OR e.status IN ('missed', 'cancelled')) AND {_ONE}
        ORDER BY i.evaluation_id, length(i.person_id), i.person_id
    """,
)
BEFORE = Statement(
    "invitations_to_evaluation", "SELECT * FROM invitation WHERE evaluation_id = :evaluation_id ORDER BY person_id"
)
