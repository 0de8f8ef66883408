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
HEARTBEATS = Statement("heartbeats", "SELECT * FROM heartbeat ORDER BY beat_at DESC, worker")
LAST_SWEEP = Statement("last_sweep", "SELECT max(swept_at) AS swept_at FROM heartbeat")
