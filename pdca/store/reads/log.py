"""Reading the log: for people, and whole for the verifier."""

from collections.abc import Collection, Mapping
from itertools import combinations
from typing import Final

from pdca.store.catalogue import FOLDED
from pdca.store.driver import Dialect, Statement
from pdca.store.reads.asked import ASKED

# Everything about an event stands in its body; the erasable part holds the texts that only people need.
_EVENTS: Final = (
    "SELECT e.event_id, e.body, v.payload FROM event e LEFT JOIN event_private v ON v.event_id = e.event_id"
)
EVENTS = Statement("events", f"{_EVENTS} ORDER BY e.event_id")
EVENTS_FROM = Statement("events_from", f"{_EVENTS} WHERE e.event_id >= :event_id ORDER BY e.event_id")
# `:heads` is a JSON object: of some streams, the sequence of the last event that is not asked for.
EVENTS_AFTER = Statement(
    "events_after",
    """
    SELECT e.event_id, e.body, v.payload FROM json_each(:heads) h
        JOIN event e ON e.stream = h.key AND e.seq > CAST(CAST(h.value AS TEXT) AS BIGINT)
        LEFT JOIN event_private v ON v.event_id = e.event_id ORDER BY e.event_id
    """,
)
_CONDITIONS: Final = {
    "plan": "e.plan_id = :plan_id",
    "actors": "e.actor IN (SELECT key FROM json_each(:actors))",
    "kinds": "e.kind IN (SELECT key FROM json_each(:kinds))",
    "period": "e.at >= :since AND e.at < :until",
    "source": "e.source = :source",
}
"""By what events are chosen; the parameters that end in s are JSON objects whose names are asked for."""
_CHOICES: Final = [names for count in range(len(_CONDITIONS) + 1) for names in combinations(_CONDITIONS, count)]


def _where(names: Collection[str]) -> str:
    return f" WHERE {' AND '.join(_CONDITIONS[name] for name in names)}" if names else ""


CHOSEN = {
    frozenset(names): Statement("_".join(("events_by", *names)), f"{_EVENTS}{_where(names)} ORDER BY e.event_id")
    for names in _CHOICES
}
"""The events that fulfil all of some conditions, by the names of these, the oldest first."""
LAST_CHOSEN = {
    frozenset(names): Statement(
        "_".join(("last_events_by", *names)), f"{_EVENTS}{_where(names)} ORDER BY e.event_id DESC LIMIT :last"
    )
    for names in _CHOICES
}
"""The same, the newest first and no more than so many."""
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
# What the scheduler does has a key.
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
EVENTS_BEFORE = Statement("events_before", f"{_EVENTS} WHERE e.event_id < :event_id ORDER BY e.event_id DESC")
# From one kind to the next by the index, without passing over every event.
KINDS = Statement(
    "kinds_of_events",
    """
    WITH RECURSIVE found(kind) AS (
        SELECT min(kind) FROM event
        UNION ALL
        SELECT (SELECT min(e.kind) FROM event e WHERE e.kind > found.kind) FROM found WHERE found.kind IS NOT NULL
    )
    SELECT kind FROM found WHERE kind IS NOT NULL
    """,
)
# By the index of kinds, for an auditor reads more often than he or she is noted to read.
LAST_READ = Statement(
    "last_reading",
    "SELECT at FROM event WHERE kind = 'audit.read' AND actor = :actor ORDER BY event_id DESC LIMIT 1",
)
LAST_HANDED_OUT = Statement("last_handed_out", "SELECT coalesce(max(number), 0) AS number FROM handed_out")
PLACE = Statement("place_of_event", "SELECT leaf_index, hash FROM tree_leaf WHERE event_id = :event_id")
COUNTS = Statement(
    "log_counts",
    "SELECT (SELECT count(*) FROM event) AS events, (SELECT count(*) FROM tree_leaf) AS leaves",
)

# By a column that no index has, so that SQLite counts the rows themselves: an index may say something else.
COUNT_LEAVES = Statement("verify_count", "SELECT count(hash) AS leaves FROM tree_leaf")
# Whether there are so many, in no more time than those take.
LEAVES_UP_TO = Statement(
    "leaves_up_to", "SELECT count(*) AS leaves FROM (SELECT 1 AS one FROM tree_leaf LIMIT :most) AS counted"
)
LEAVES = Statement(
    "verify_leaves",
    """
    SELECT l.leaf_index, l.hash, e.body FROM tree_leaf l JOIN event e ON e.event_id = l.event_id
        WHERE l.leaf_index >= :low AND l.leaf_index <= :high ORDER BY l.leaf_index LIMIT :most
    """,
)
# The columns are the fields of the verifier's `EventRow`, in their order.
_SEALED = """
    SELECT l.leaf_index, coalesce(e.event_id, l.event_id) AS event_id, e.stream, e.seq, e.kind, e.plan_id, e.at,
        e.actor, e.source, e.event_key, e.body, l.hash, v.payload
        FROM tree_leaf l LEFT JOIN event e ON e.event_id = l.event_id
        LEFT JOIN event_private v ON v.event_id = l.event_id
"""
SEALED = Statement(
    "verify_sealed", f"{_SEALED} WHERE l.leaf_index >= :low AND l.leaf_index <= :high ORDER BY l.leaf_index"
)
# A number is between others or is not; what is none, in a table that was made anew to hold it, is between none.
STRAY: Final[Mapping[Dialect, Statement]] = {
    "sqlite": Statement(
        "sqlite_verify_stray", f"{_SEALED} WHERE typeof(l.leaf_index) <> 'integer' ORDER BY l.leaf_index, l.event_id"
    ),
    "postgresql": Statement(
        "postgresql_verify_stray",
        f"""
        {_SEALED} WHERE l.leaf_index IS NULL OR l.leaf_index <> floor(l.leaf_index)
            OR l.leaf_index NOT BETWEEN -9223372036854775808 AND 9223372036854775807
            ORDER BY l.leaf_index, l.event_id
        """,
    ),
}
WITHOUT_LEAF = Statement(
    "verify_events_without_leaf",
    """
    SELECT NULL AS leaf_index, e.event_id, e.stream, e.seq, e.kind, e.plan_id, e.at,
        e.actor, e.source, e.event_key, e.body, NULL AS hash, v.payload
        FROM event e LEFT JOIN event_private v ON v.event_id = e.event_id
        WHERE NOT EXISTS (SELECT 1 FROM tree_leaf l WHERE l.event_id = e.event_id) ORDER BY e.event_id
    """,
)
NODES = Statement(
    "verify_nodes",
    "SELECT idx, hash FROM tree_node WHERE level = :level AND idx >= :first AND idx < :end ORDER BY idx",
)
EVERY_NODE = Statement("every_node", "SELECT level, idx, hash FROM tree_node ORDER BY level, idx")
# A tree of n leaves has n >> level complete subtrees of a level, and none above the one of its highest bit. SQLite also
# keeps what is no whole number.
NODES_BEYOND = Statement(
    "verify_nodes_beyond",
    """
    SELECT level, idx FROM tree_node
        WHERE level < 1 OR level > :levels OR level <> CAST(level AS INTEGER)
            OR idx < 0 OR idx >= (CAST(:leaves AS BIGINT) >> level) ORDER BY level, idx
    """,
)
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
