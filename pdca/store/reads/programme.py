"""Reading programmes, their versions and approvals, what became of objectives, and phenomena."""

from pdca.store.driver import Statement

PROGRAMME = Statement("programme", "SELECT * FROM programme WHERE programme_id = :programme_id")
VERSIONS = Statement(
    "programme_versions", "SELECT * FROM programme_version WHERE programme_id = :programme_id ORDER BY number"
)
STEPS = Statement(
    "authority_approvals",
    "SELECT * FROM authority_approval WHERE programme_id = :programme_id ORDER BY version_number, step",
)
OBJECTIVES = Statement(
    "objectives_of_programme",
    "SELECT * FROM objective WHERE programme_id = :programme_id ORDER BY position, objective_id",
)
RETENTIONS = Statement("retentions", "SELECT * FROM retention WHERE objective_id = :objective_id ORDER BY number")
EVERY_RETENTION = Statement("every_retention", "SELECT * FROM retention ORDER BY objective_id, number")
PHENOMENA = Statement("phenomena", "SELECT * FROM phenomenon ORDER BY phenomenon_id")
# Who speaks for the body: whoever the ladder of escalation names chief or authority.
IN_CHARGE = Statement(
    "parties_in_charge", "SELECT party_id, escalation FROM party WHERE escalation IS NOT NULL ORDER BY party_id"
)
