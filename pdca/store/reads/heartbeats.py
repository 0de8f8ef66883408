"""Reading and writing heartbeats."""

from pdca.store.driver import Statement

BEAT = Statement(
    "beat",
    """
    INSERT INTO heartbeat (worker, host, process, started_at, beat_at, swept_at, stopped_at, error)
        VALUES (:worker, :host, :process, :started_at, :beat_at, :swept_at, :stopped_at, :error)
        ON CONFLICT (worker) DO UPDATE SET beat_at = excluded.beat_at,
            swept_at = coalesce(excluded.swept_at, heartbeat.swept_at),
            started_at = excluded.started_at, stopped_at = excluded.stopped_at, error = excluded.error
    """,
)
# What comes and goes in one transaction changes nothing, and yet fails where nothing can be written.
TRY = Statement(
    "try_to_write",
    "INSERT INTO heartbeat (worker, host, process, started_at, beat_at) VALUES (:worker, '', 0, :now, :now)",
)
TRIED = Statement("tried_to_write", "DELETE FROM heartbeat WHERE worker = :worker")
HEARTBEATS = Statement("heartbeats", "SELECT * FROM heartbeat ORDER BY beat_at DESC, worker")
LAST_SWEEP = Statement("last_sweep", "SELECT max(swept_at) AS swept_at FROM heartbeat")
