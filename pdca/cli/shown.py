"""Which commands show an auditor what there is to see; the first of them on each day is noted in the log.

The rule: a command is named here when it shows, or writes out, anything that stands in programmes, objectives, plans
and what belongs to them (figures, evaluations, messages, dates), or in the log. What shows only people, settings,
methods, keys or how the program runs is not; nor is what changes something, for an auditor may not; nor what hands the
log out, for that is noted each time.
"""

from typing import Final

SHOWN: Final = frozenset(
    {
        *("status", "board", "completeness", "means", "export", "simulate"),
        *(f"plan {verb}" for verb in ("approvals", "cycles", "diff", "history", "lifecycle", "list", "next")),
        *(f"plan {verb}" for verb in ("rubric", "show", "why-not")),
        *("programme list", "programme show", "programme evaluation list", "programme evaluation show"),
        *("objective list", "objective show", "phenomenon list", "phenomenon show", "indicator list", "indicator show"),
        *("group show", "activity list", "activity show", "function list", "function show", "reminder show"),
        *("partner list", "partner reactions", "partner sessions", "followup list"),
        *("evaluation list", "evaluation show", "evaluation verify"),
        *("schedule list", "schedule preview", "schedule show"),
        *(f"calendar {verb}" for verb in ("audience", "person", "plan", "refresh")),
        *(f"information {verb}" for verb in ("list", "preview", "report", "reports", "show")),
        *(f"report {verb}" for verb in ("board", "plan", "programme", "site")),
        *("notify list", "notify show", "erasure list"),
        *(f"audit {verb}" for verb in ("consistency", "log", "proof", "show", "statistics", "verify")),
    }
)
