"""Reading how partners are involved and what they say back."""

from pdca.store.driver import Statement

PARTY = Statement("party", "SELECT * FROM party WHERE party_id = :party_id")
TRAINED = Statement(
    "trained_parties",
    "SELECT DISTINCT party_id FROM involvement WHERE plan_id = :plan_id AND mode = 'training' "
    "AND held_on <= :today ORDER BY party_id",
)
INVOLVEMENTS = Statement(
    "involvements", "SELECT * FROM involvement WHERE plan_id = :plan_id ORDER BY held_on, involvement_id"
)
REACTIONS = Statement("reactions", "SELECT * FROM reaction WHERE plan_id = :plan_id ORDER BY received_on, reaction_id")
REACTION = Statement("reaction", "SELECT * FROM reaction WHERE reaction_id = :reaction_id")
EVERY_INVOLVEMENT = Statement(
    "every_involvement",
    "SELECT i.*, p.title AS plan_title, p.restricted, y.name AS party_name, y.assumed AS party_assumed "
    "FROM involvement i JOIN plan p ON p.plan_id = i.plan_id JOIN party y ON y.party_id = i.party_id "
    "ORDER BY i.held_on, length(i.involvement_id), i.involvement_id",
)
EVERY_REACTION = Statement(
    "every_reaction",
    "SELECT r.*, p.title AS plan_title, p.restricted, y.name AS party_name, y.assumed AS party_assumed "
    "FROM reaction r JOIN plan p ON p.plan_id = r.plan_id JOIN party y ON y.party_id = r.party_id "
    "ORDER BY r.received_on, length(r.reaction_id), r.reaction_id",
)
# In which plans a stakeholder takes part: it leads, is in the group, answers for an activity, or is informed.
IN_PLANS = Statement(
    "plans_of_partners",
    """
    SELECT party_id, plan_id FROM (
        SELECT lead_id AS party_id, plan_id FROM plan WHERE lead_id IS NOT NULL
        UNION SELECT party_id, plan_id FROM group_member
        UNION SELECT owner_id, plan_id FROM activity WHERE owner_id IS NOT NULL
        UNION SELECT party_id, plan_id FROM information_moment WHERE coalesce(status, '') <> 'cancelled'
    ) AS part ORDER BY party_id, length(plan_id), plan_id
    """,
)
