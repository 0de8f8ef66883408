"""Reading people, parties, and who is to be told."""

from pdca.store.driver import Statement
from pdca.store.reads.asked import ASKED

INSTALLATION = Statement("installation", "SELECT * FROM installation WHERE installation_id = 1")
LOCK_INSTALLATION = Statement("lock_installation", "SELECT * FROM installation WHERE installation_id = 1", lock="wait")
LOCK_INSTALLATION_IF_FREE = Statement("lock_installation_if_free", LOCK_INSTALLATION.sqlite, lock="skip")
PERSON_BY_LOGIN = Statement("person_by_login", "SELECT * FROM person WHERE login = :login")
PEOPLE = Statement("people", "SELECT * FROM person ORDER BY length(person_id), person_id")
PERSON_CALLED = Statement(
    "person_called", "SELECT * FROM person WHERE person_id = :called OR handle = :called OR login = :called"
)
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

# The functions that somebody holds, and with `absent_id` those of each person whose substitute he or she is today.
_STANDINGS = """
    SELECT NULL AS absent_id, party_id FROM appointment
        WHERE person_id = :person_id AND from_date <= :today AND (until_date IS NULL OR until_date > :today)
    UNION
    SELECT s.absent_id, a.party_id FROM substitution s JOIN appointment a ON a.person_id = s.absent_id
        WHERE s.substitute_id = :person_id AND s.from_date <= :today AND s.until_date >= :today
        AND a.from_date <= :today AND (a.until_date IS NULL OR a.until_date > :today)
"""
STANDINGS = Statement("standings", f"{_STANDINGS} ORDER BY absent_id, party_id")
ABSENT = Statement(
    "absent_people",
    "SELECT DISTINCT absent_id FROM substitution WHERE substitute_id = :person_id "
    "AND from_date <= :today AND until_date >= :today ORDER BY absent_id",
)
SUBSTITUTION = Statement("substitution", "SELECT * FROM substitution WHERE substitution_id = :substitution_id")
SUBSTITUTIONS = Statement("substitutions", "SELECT * FROM substitution ORDER BY from_date, substitution_id")
LAST_PERSON = Statement(
    "last_person", "SELECT person_id FROM person ORDER BY length(person_id) DESC, person_id DESC LIMIT 1"
)

# Who has to do with a plan without working on it, and in which role: told of it, and asked to judge it. A stakeholder
# of a restricted plan is neither, because restricted plans are never shown to partners and the public.
# Its `plan_id` is NULL for who has to do with every plan.
_BEYOND = """
    beyond(plan_id, party_id, role, place) AS (
        SELECT DISTINCT i.plan_id, i.party_id, 'stakeholders', 3 FROM information_moment i
            JOIN plan p ON p.plan_id = i.plan_id WHERE i.plan_id {which} AND p.restricted = 0
            AND coalesce(i.status, '') <> 'cancelled'
        UNION ALL
        SELECT NULL, party_id, escalation, 4 FROM party WHERE escalation IS NOT NULL
    )
"""
_BEYOND_THE_GROUP = _BEYOND.format(which="= :plan_id")
# `STANDINGS` with the kind of each party and the role in which the plan tells it, if it does.
STANDINGS_TOWARDS = Statement(
    "standings_towards_a_plan",
    f"""
    WITH {_BEYOND_THE_GROUP}, held(absent_id, party_id) AS ({_STANDINGS})
    SELECT h.absent_id, h.party_id, y.kind, b.role FROM held h JOIN party y ON y.party_id = h.party_id
        LEFT JOIN beyond b ON b.party_id = h.party_id ORDER BY h.absent_id, h.party_id, b.place
    """,
)
STANDINGS_TOWARDS_PLANS = Statement(
    "standings_towards_plans",
    f"""
    WITH {_BEYOND.format(which=f"IN {ASKED}")}, held(absent_id, party_id) AS ({_STANDINGS})
    SELECT p.plan_id AS of_plan, h.absent_id, h.party_id, y.kind, b.role
        FROM plan p CROSS JOIN held h JOIN party y ON y.party_id = h.party_id
        LEFT JOIN beyond b ON b.party_id = h.party_id AND (b.plan_id = p.plan_id OR b.plan_id IS NULL)
        WHERE p.plan_id IN {ASKED} ORDER BY h.absent_id, h.party_id, b.place
    """,
)
# How somebody is told: what the person wishes, what the body chose, and the zone in which its days are meant.
_HOW = "r.wishes, i.channels, i.zone AS body_zone"
# Everybody who can be told about a plan, with the role in which. A substitute is told what the absent is.
RECIPIENTS = Statement(
    "recipients",
    f"""
    WITH {_BEYOND_THE_GROUP}, told(party_id, role, place, member_from, member_until) AS (
        SELECT party_id, 'group', 2, from_date, until_date FROM group_member WHERE plan_id = :plan_id
        UNION ALL
        SELECT lead_id, 'lead', 1, NULL, NULL FROM plan WHERE plan_id = :plan_id AND lead_id IS NOT NULL
        UNION ALL
        SELECT party_id, role, place, NULL, NULL FROM beyond
    )
    SELECT holder.*, p.zone, {_HOW} FROM (
        SELECT a.person_id, told.role, told.place, a.from_date, a.until_date, told.member_from, told.member_until,
            NULL AS acts_from, NULL AS acts_until
            FROM told JOIN appointment a ON a.party_id = told.party_id
        UNION ALL
        SELECT s.substitute_id, told.role, told.place, a.from_date, a.until_date, told.member_from, told.member_until,
            s.from_date, s.until_date
            FROM told JOIN appointment a ON a.party_id = told.party_id
            JOIN substitution s ON s.absent_id = a.person_id
    ) AS holder JOIN plan p ON p.plan_id = :plan_id JOIN person r ON r.person_id = holder.person_id
        JOIN installation i ON i.installation_id = 1 ORDER BY place, length(holder.person_id), holder.person_id
    """,
)
# Who holds a function or represents a stakeholder, and who stands in for them; the columns are those of `RECIPIENTS`.
_HOLDERS = """
    SELECT a.person_id, a.party_id, a.from_date, a.until_date, NULL AS member_from, NULL AS member_until,
        NULL AS acts_from, NULL AS acts_until
        FROM appointment a
    UNION ALL
    SELECT s.substitute_id, a.party_id, a.from_date, a.until_date, NULL, NULL, s.from_date, s.until_date
        FROM appointment a JOIN substitution s ON s.absent_id = a.person_id
"""
HOLDERS = Statement(
    "holders_of_party",
    f"SELECT h.*, i.zone, {_HOW} FROM ({_HOLDERS}) AS h JOIN installation i ON i.installation_id = 1 "
    "JOIN person r ON r.person_id = h.person_id WHERE h.party_id = :party_id ORDER BY length(h.person_id), h.person_id",
)
HELD_BY_ERASED = Statement(
    "erased_since_who_held_party",
    f"SELECT h.person_id FROM ({_HOLDERS}) AS h JOIN person r ON r.person_id = h.person_id "
    "WHERE h.party_id = :party_id AND r.erased_at >= :since ORDER BY h.person_id LIMIT 1",
)
# Everybody who is told of what belongs to no single plan, with the role in which.
IN_CHARGE = Statement(
    "recipients_in_charge",
    f"SELECT h.*, y.escalation AS role, i.zone, {_HOW} FROM party y "
    f"JOIN ({_HOLDERS}) AS h ON h.party_id = y.party_id "
    "JOIN installation i ON i.installation_id = 1 JOIN person r ON r.person_id = h.person_id "
    "WHERE y.escalation IS NOT NULL "
    "ORDER BY length(h.person_id), h.person_id",
)
HOW = Statement(
    "how_somebody_is_told",
    f"SELECT {_HOW} FROM person r JOIN installation i ON i.installation_id = 1 "
    "WHERE r.person_id = :person_id AND r.erased_at IS NULL",
)
ADMINISTRATORS = Statement(
    "administrators",
    "SELECT person_id FROM person WHERE access = 'administrator' ORDER BY length(person_id), person_id",
)
UNREACHABLE_PARTIES = Statement(
    "unreachable_parties",
    """
    SELECT y.party_id, y.name FROM party y
        WHERE (EXISTS (SELECT 1 FROM plan p WHERE p.lead_id = y.party_id)
            OR EXISTS (SELECT 1 FROM group_member m WHERE m.party_id = y.party_id)
            OR EXISTS (SELECT 1 FROM information_moment i WHERE i.party_id = y.party_id
                AND coalesce(i.status, '') <> 'cancelled'))
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
