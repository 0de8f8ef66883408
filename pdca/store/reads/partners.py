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
