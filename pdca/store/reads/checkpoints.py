"""The keys and checkpoints of the log, and how far each stream has come."""

from pdca.store.driver import Statement

KEYS = Statement("log_keys", "SELECT * FROM log_key ORDER BY number")
LATEST = Statement("latest_checkpoint", "SELECT * FROM checkpoint ORDER BY number DESC LIMIT 1")
EVERY = Statement("checkpoints", "SELECT * FROM checkpoint ORDER BY number")
# The first that vouches for the event at a place of the tree.
FIRST_OVER = Statement(
    "first_checkpoint_over",
    "SELECT number, size, at FROM checkpoint WHERE size > :leaf_index ORDER BY number LIMIT 1",
)
ADD = Statement("add_checkpoint", "INSERT INTO checkpoint (number, size, at, note) VALUES (:number, :size, :at, :note)")
# Within a stream the order of the leaves is that of the events, so only those after the checkpoint are passed over.
HEADS = Statement(
    "stream_heads",
    """
    SELECT h.stream, e.seq, l.hash FROM (
            SELECT s.stream, (
                SELECT e.event_id FROM event e JOIN tree_leaf l ON l.event_id = e.event_id
                    WHERE e.stream = s.stream AND l.leaf_index < :size ORDER BY e.seq DESC LIMIT 1
            ) AS event_id FROM (SELECT plan_id AS stream FROM plan UNION ALL SELECT 'installation' AS stream) s
        ) h JOIN event e ON e.event_id = h.event_id JOIN tree_leaf l ON l.event_id = h.event_id
    """,
)
LEAF_OF_EVENT = Statement(
    "leaf_of_event",
    """
    SELECT e.event_id, e.body, l.leaf_index FROM event e LEFT JOIN tree_leaf l ON l.event_id = e.event_id
        WHERE e.event_id = :event_id
    """,
)
LEAVES_OF_STREAM = Statement(
    "leaves_of_stream",
    """
    SELECT e.event_id, e.body, l.leaf_index, v.payload FROM event e JOIN tree_leaf l ON l.event_id = e.event_id
        LEFT JOIN event_private v ON v.event_id = e.event_id
        WHERE e.stream = :stream AND l.leaf_index < :size ORDER BY e.seq
    """,
)
