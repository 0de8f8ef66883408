"""Reading what the cycles of plans leave: predictions, snapshots, decisions over activities, and follow-ups."""

from pdca.store.driver import Statement

PREDICTION = Statement("prediction", "SELECT * FROM prediction WHERE plan_id = :plan_id AND cycle = :cycle")
RECORDINGS_OF_PLAN = Statement(
    "recordings_of_plan",
    "SELECT event_id, body FROM event WHERE plan_id = :plan_id AND kind = 'evaluation.recorded' ORDER BY event_id",
)
STEPS_TAKEN = Statement(
    "steps_taken",
    "SELECT event_id, body FROM event WHERE plan_id = :plan_id AND kind = 'plan.advanced' ORDER BY event_id",
)
PREDICTIONS = Statement("predictions", "SELECT * FROM prediction WHERE plan_id = :plan_id ORDER BY cycle")
SNAPSHOT = Statement("snapshot", "SELECT * FROM snapshot WHERE evaluation_id = :evaluation_id")
SNAPSHOTS = Statement("snapshots", "SELECT evaluation_id, text FROM snapshot ORDER BY evaluation_id")
RECORDINGS = Statement(
    "recordings", "SELECT event_id, body FROM event WHERE kind = 'evaluation.recorded' ORDER BY event_id"
)
MEANS_OF_PLAN = Statement(
    "means_of_plan",
    "SELECT m.* FROM activity a JOIN means m ON m.activity_id = a.activity_id WHERE a.plan_id = :plan_id "
    "ORDER BY a.position, m.activity_id, m.year, m.kind",
)
DECISIONS = Statement(
    "activity_decisions",
    "SELECT d.*, a.title FROM activity a JOIN activity_decision d ON d.activity_id = a.activity_id "
    "WHERE a.plan_id = :plan_id ORDER BY d.cycle, a.position, d.activity_id",
)
DECISION = Statement(
    "activity_decision", "SELECT * FROM activity_decision WHERE activity_id = :activity_id AND cycle = :cycle"
)
FOLLOW_UP = Statement("follow_up", "SELECT * FROM follow_up WHERE follow_up_id = :follow_up_id")
FOLLOW_UPS = Statement(
    "follow_ups",
    "SELECT * FROM follow_up WHERE plan_id = :plan_id ORDER BY length(follow_up_id), follow_up_id",
)
OPEN_FOLLOW_UPS = Statement(
    "open_follow_ups",
    "SELECT * FROM follow_up WHERE plan_id = :plan_id AND status = 'open' ORDER BY length(follow_up_id), follow_up_id",
)
EVERY_FOLLOW_UP = Statement(
    "every_follow_up",
    "SELECT f.*, p.title AS plan_title, p.restricted, p.zone, y.name AS owner_name, y.assumed AS owner_assumed "
    "FROM follow_up f JOIN plan p ON p.plan_id = f.plan_id JOIN party y ON y.party_id = f.owner_id "
    "ORDER BY f.due_date, length(f.follow_up_id), f.follow_up_id",
)
