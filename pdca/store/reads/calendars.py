"""Reading what calendars are made of: the log without its erasable part, and who has to do with which plan when."""

from pdca.store.driver import Statement

BODIES = Statement("bodies", "SELECT event_id, body FROM event ORDER BY event_id")
BODIES_OF_PLAN = Statement(
    "bodies_of_plan", "SELECT event_id, body FROM event WHERE plan_id = :plan_id ORDER BY event_id"
)
# From one local day until before another, and for what is done for somebody who is absent within those days.
HELD_BY = Statement(
    "parties_ever_held",
    """
    SELECT party_id, from_date, until_date, NULL AS acts_from, NULL AS acts_until FROM appointment
        WHERE person_id = :person_id
    UNION ALL
    SELECT a.party_id, a.from_date, a.until_date, s.from_date, s.until_date
        FROM substitution s JOIN appointment a ON a.person_id = s.absent_id WHERE s.substitute_id = :person_id
    ORDER BY party_id, from_date, acts_from
    """,
)
# Who works on a plan: its lead, for which no days are kept, and its project group.
WORKING = Statement(
    "parties_working_on_plans",
    """
    SELECT plan_id, lead_id AS party_id, NULL AS from_date, NULL AS until_date FROM plan WHERE lead_id IS NOT NULL
    UNION ALL
    SELECT plan_id, party_id, from_date, until_date FROM group_member
    ORDER BY plan_id, party_id, from_date
    """,
)
