"""Reading people, parties, and who is to be told."""

from pdca.store.driver import Statement

INSTALLATION = Statement("installation", "SELECT * FROM installation WHERE installation_id = 1")
LOCK_INSTALLATION = Statement("lock_installation", "SELECT * FROM installation WHERE installation_id = 1", lock="wait")
PERSON_BY_LOGIN = Statement("person_by_login", "SELECT * FROM person WHERE login = :login")
PEOPLE = Statement("people", "SELECT * FROM person ORDER BY length(person_id), person_id")
PARTIES = Statement("parties", "SELECT * FROM party ORDER BY party_id")
APPOINTMENTS = Statement(
    "appointments",
    "SELECT person_id, party_id, from_date, until_date FROM appointment ORDER BY person_id, party_id, from_date",
)
PARTIES_HELD = Statement(
    "parties_held",
    "SELECT party_id FROM appointment WHERE person_id = :person_id AND from_date <= :today "
    "AND (until_date IS NULL OR until_date > :today) ORDER BY party_id",
)
LAST_PERSON = Statement(
    "last_person", "SELECT person_id FROM person ORDER BY length(person_id) DESC, person_id DESC LIMIT 1"
)

# Who has to do with a plan without working on it, and in which role: told of it, and asked to judge it. A stakeholder
# of a restricted plan is neither, because restricted plans are never shown to partners and the public.
_BEYOND_THE_GROUP = """
    beyond(party_id, role, place) AS (
        SELECT DISTINCT i.party_id, 'stakeholders', 3 FROM information_moment i
            JOIN plan p ON p.plan_id = i.plan_id WHERE i.plan_id = :plan_id AND p.restricted = 0
        UNION ALL
        SELECT party_id, escalation, 4 FROM party WHERE escalation IS NOT NULL
    )
"""
PARTIES_HELD_TOWARDS = Statement(
    "parties_held_towards_a_plan",
    f"""
    WITH {_BEYOND_THE_GROUP}
    SELECT a.party_id, y.kind, b.role FROM appointment a JOIN party y ON y.party_id = a.party_id
        LEFT JOIN beyond b ON b.party_id = a.party_id
        WHERE a.person_id = :person_id AND a.from_date <= :today AND (a.until_date IS NULL OR a.until_date > :today)
        ORDER BY a.party_id, b.place
    """,
)
# Everybody who can be told about a plan, with the role in which.
RECIPIENTS = Statement(
    "recipients",
    f"""
    WITH {_BEYOND_THE_GROUP}, told(party_id, role, place) AS (
        SELECT lead_id, 'lead', 1 FROM plan WHERE plan_id = :plan_id AND lead_id IS NOT NULL
        UNION ALL
        SELECT party_id, 'group', 2 FROM group_member WHERE plan_id = :plan_id
        UNION ALL
        SELECT party_id, role, place FROM beyond
    )
    SELECT a.person_id, told.role, a.from_date, a.until_date, p.zone FROM told
        JOIN appointment a ON a.party_id = told.party_id
        JOIN plan p ON p.plan_id = :plan_id
        ORDER BY told.place, length(a.person_id), a.person_id
    """,
)
UNREACHABLE_PARTIES = Statement(
    "unreachable_parties",
    """
    SELECT y.party_id, y.name FROM party y
        WHERE (EXISTS (SELECT 1 FROM plan p WHERE p.lead_id = y.party_id)
            OR EXISTS (SELECT 1 FROM group_member m WHERE m.party_id = y.party_id)
            OR EXISTS (SELECT 1 FROM information_moment i WHERE i.party_id = y.party_id))
        AND NOT EXISTS (
            SELECT 1 FROM appointment a WHERE a.party_id = y.party_id AND a.from_date <= :today
                AND (a.until_date IS NULL OR a.until_date > :today))
        ORDER BY y.party_id
    """,
)
WITHOUT_ADDRESS = Statement(
    "appointed_without_address",
    """
    SELECT DISTINCT r.person_id FROM person r JOIN appointment a ON a.person_id = r.person_id
        WHERE coalesce(r.email, '') = '' AND a.from_date <= :today AND (a.until_date IS NULL OR a.until_date > :today)
        ORDER BY r.person_id
    """,
)
