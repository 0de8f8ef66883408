"""What stands in each column that no kind of values has: why it is kept, or stands in the log as it is."""

import re
from typing import Final

from pdca.store.catalogue import FOLDED
from pdca.store.tables import Record

KEPT: Final = {
    "people are erased one by one, their rows with them": {
        *("person.basis", "person.email", "person.handle", "person.login", "person.name", "person.note"),
        "person.wishes",
    },
    "what the body is, and whom it works with": {
        "installation.details",
        *("party.basis", "party.details", "party.note"),
    },
    "what was decided about programmes, objectives and indicators": {
        *("authority_approval.act", "authority_approval.authority", "authority_approval.basis"),
        *("authority_approval.note", "programme_version.text"),
        *("programme.basis", "programme.details", "programme.note", "programme.sources"),
        *("programme_evaluation.basis", "programme_evaluation.held_by", "programme_evaluation.lessons"),
        *("programme_evaluation.note", "programme_extension.reason", "programme_extension.withdrawn_reason"),
        *("programme_theme.attribution", "programme_theme.basis", "programme_theme.evidence"),
        *("programme_theme.finding", "programme_theme.lessons", "programme_theme.note"),
        *("objective.basis", "objective.note", "phenomenon.basis", "phenomenon.note"),
        *("retention.basis", "retention.decided_by", "retention.evidence", "retention.motive", "retention.note"),
        "retention.watch",
        *("indicator.basis", "indicator.definition", "indicator.frequency", "indicator.note", "indicator.system"),
        *("measurement.according_to", "measurement.basis", "measurement.missing_reason", "measurement.note"),
        *("measurement.of_which", "measurement.parts", "measurement.scope", "retained_figure.reason"),
        *("series_break.basis", "series_break.note", "series_break.reason"),
        *("target.basis", "target.note", "target.reason", "target.words"),
    },
    "on what ground something was erased, or another key signs": {
        *("erasure_rule.legal_basis", "erasure_rule.reason", "log_key.reason"),
    },
    "why a moment moved: the names of holidays and of days on which the body is closed": {
        *("evaluation.moved", "information_moment.moved"),
    },
    "proof that a party was informed: by what method, and the number of the letter": {
        *("information_moment.method", "information_receipt.reference"),
    },
    "errors of the program": {"deadline.error"},
}
"""What is written as a commitment and belongs to no kind, by what it is: it is kept, and a name in it goes when the
person is erased.
"""

CALLED: Final = "what something is called: by it the log is read without the salts"

IN_THE_CLEAR: Final = {
    CALLED: {
        *("installation.name", "closing_day.name", "party.name", "party.discipline", "programme.title"),
        *("objective.title", "phenomenon.title", "programme_theme.title", "indicator.title", "indicator.unit"),
        *("plan.title", "plan_objective.title", "activity.title", "evaluation.kind", "schedule.kind"),
    },
    "the text of a method: the rules that the log is judged by": {"definition.text"},
    "ids": {
        *("installation.organisation_id", "plan.slug", "activity.axis", "activity.depends_on", "activity.rubric_id"),
        *("deadline.programme_id", "programme_evaluation.programme_id"),
        *("notification.digest", "notification.stream", "handed_out.plan_id", "evaluation.evaluators"),
        "objective.level",
        *("plan.state", "plan.resume_state"),
        *(f"{table}.source" for table in FOLDED if "source" in Record.metadata.tables[table].columns),
    },
    "words of this program, of ISO, of the IANA database, of RFC 5545": {
        *("installation.country", "installation.subdivision", "installation.language", "installation.zone"),
        *("installation.working_days", "installation.channels", "person.language", "plan.zone", "schedule.zone"),
        *("information_schedule.zone", "schedule.rules", "information_schedule.rules", "party.escalation"),
        *("information_report.audience", "information_report.language", "information_receipt.language"),
        *("evaluation.missed_because", "evaluation.attributed_to", "evaluation.verdict", "reminding.ladder"),
        *("plan.evaluations_withheld", "rubric.withheld_from"),
        *("notification.kind", "notification.why", "notification.channel", "notification.attached"),
        *("approval.purpose", "approval.voided_because"),
    },
    "figures, and what is worked out from bytes": {
        *("measurement.value", "target.value", "target.upto", "means.planned", "means.deployed", "activity.result"),
        *("plan_indicator.baseline", "plan_baseline.baseline", "reminding.lead_days", "reminding.grace_days"),
        *("definition.sha256", "snapshot.sha256", "approval.content_sha256", "information_report.hashes"),
        *("information_receipt.sha256", "notification.sha256", "handed_out.sha256", "erased_value.digest"),
        "log_key.vkey",
    },
}
"""Plain columns of text that no word of the schema limits, by what stands in them; instants, days and periods apart."""

DAYS: Final = re.compile(
    r"(_at|(?<!depends)_on|date|day|period|_?since|start|_end|until|time|dates|exceptions)$"
    r"|\.(at|up_to|legal_deadline|determined_by|not_before|watch_again)$"
)
"""So end the names of columns that hold an instant, days, a time of day, or a period as it was stated."""
