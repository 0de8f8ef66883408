"""Reading the log: for people, and whole for the verifier."""

from pdca.store.catalogue import FOLDED
from pdca.store.driver import Statement
from pdca.store.reads.asked import ASKED

# Everything about an event stands in its body; the erasable part holds the texts that only people need.
EVENTS = Statement(
    "events",
    """
    SELECT e.event_id, e.body, v.payload FROM event e LEFT JOIN event_private v ON v.event_id = e.event_id
        ORDER BY e.event_id
    """,
)
# Those of its stream, and attempts on it that belong to the installation's.
EVENTS_OF_PLAN = Statement(
    "events_of_plan",
    """
    SELECT e.event_id, e.body, v.payload FROM event e LEFT JOIN event_private v ON v.event_id = e.event_id
        WHERE e.plan_id = :plan_id ORDER BY e.event_id
    """,
)
EVENTS_OF_INSTALLATION = Statement(
    "events_of_installation",
    """
    SELECT e.event_id, e.body, v.payload FROM event e LEFT JOIN event_private v ON v.event_id = e.event_id
        WHERE e.stream = 'installation' ORDER BY e.event_id
    """,
)
# What the scheduler does has a key; compared with a text, the index of keys finds it.
ENFORCED_SINCE = Statement(
    "enforced_since",
    """
    SELECT e.event_id, e.body, v.payload FROM event e LEFT JOIN event_private v ON v.event_id = e.event_id
        WHERE e.event_key > '' AND e.at >= :since
    """,
)
# By what steps deadlines of some plans were held and released, from an instant on.
STEPS_SINCE = Statement(
    "steps_since",
    f"""
    SELECT e.event_id, e.body FROM event e
        WHERE e.plan_id IN {ASKED} AND e.kind = 'plan.advanced' AND e.at >= :since ORDER BY e.event_id
    """,
)
BODY = Statement("event_body", "SELECT body FROM event WHERE stream = :stream AND seq = :seq")
SINCE = Statement(
    "events_since",
    "SELECT kind, at, actor FROM event WHERE stream = :stream AND seq > :seq ORDER BY seq",
)
ERASED = Statement("erased_value", "SELECT ground FROM erased_value WHERE digest = :digest")
COUNT_ERASED = Statement("count_erased_values", "SELECT count(*) AS erased FROM erased_value")
EVENT = Statement(
    "event",
    "SELECT e.event_id, e.body, v.payload FROM event e LEFT JOIN event_private v ON v.event_id = e.event_id "
    "WHERE e.event_id = :event_id",
)
COUNTS = Statement(
    "log_counts",
    "SELECT (SELECT count(*) FROM event) AS events, (SELECT count(*) FROM tree_leaf) AS leaves",
)

LEAVES = Statement(
    "verify_leaves",
    """
    SELECT l.leaf_index, l.hash, l.event_id AS leaf_event_id, e.event_id, e.stream, e.seq, e.kind, e.plan_id, e.at,
        e.actor, e.source, e.event_key, e.body, v.payload
        FROM tree_leaf l LEFT JOIN event e ON e.event_id = l.event_id
        LEFT JOIN event_private v ON v.event_id = l.event_id ORDER BY l.leaf_index
    """,
)
WITHOUT_LEAF = Statement(
    "verify_events_without_leaf",
    """
    SELECT e.event_id, e.stream, e.seq, e.kind, e.plan_id, e.at, e.actor, e.source, e.event_key, e.body, v.payload
        FROM event e LEFT JOIN event_private v ON v.event_id = e.event_id
        WHERE NOT EXISTS (SELECT 1 FROM tree_leaf l WHERE l.event_id = e.event_id) ORDER BY e.event_id
    """,
)
NODES = Statement("verify_nodes", "SELECT level, idx, hash FROM tree_node ORDER BY level, idx")
HEADS = Statement(
    "verify_heads",
    "SELECT plan_id AS stream, version, head FROM plan "
    "UNION ALL SELECT 'installation', version, head FROM installation",
)
# Without an order, so that SQLite reads the rows themselves: for an order by the key it would take the key from its
# index, and not see that the row says something else.
AS_STORED = {name: Statement(f"verify_{name}", f"SELECT * FROM {name}") for name in FOLDED}
SQLITE_DAMAGE = Statement("sqlite_damage", "PRAGMA integrity_check")
SQLITE_TRIGGERS = Statement(
    "sqlite_triggers", "SELECT name, sql AS text FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
)
POSTGRESQL_TRIGGERS = Statement(
    "postgresql_triggers",
    """
    SELECT t.tgname AS name, pg_get_triggerdef(t.oid) AS text, p.prosrc AS does
        FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') ORDER BY t.tgname
    """,
)
