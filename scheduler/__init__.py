"""The background runs: APScheduler as the trigger, enforcing dates, delivering notifications, sealing the log."""
