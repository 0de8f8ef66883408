"""What each kind of event, and of message about one, is called for people; programs read the kind itself."""

from typing import Final

from pdca.i18n import N_

KINDS: Final = {
    "access.refused": N_("refused: no right to it"),
    "approval.refused": N_("approval refused"),
    "approval.voided": N_("approval outdated: what the plan names was changed"),
    "command.refused": N_("command refused"),
    "deadline.set_aside": N_("date set aside after an error"),
    "deadline.taken_up": N_("date taken up again"),
    "evaluation.extended": N_("evaluation moved to another date"),
    "evaluation.extension_requested": N_("another date asked for an evaluation"),
    "evaluation.missed": N_("evaluation missed"),
    "evaluation.overdue": N_("evaluation overdue"),
    "evaluation.recorded": N_("evaluation recorded"),
    "evaluation.refused": N_("recording or extension refused"),
    "installation.created": N_("installation made"),
    "method.taken_over": N_("method taken over"),
    "notification.delivered": N_("messages delivered"),
    "objective.decided": N_("objective decided on"),
    "partner.answered": N_("partner answered"),
    "partner.involved": N_("session with a partner"),
    "partner.reacted": N_("reaction of a partner"),
    "party.changed": N_("discipline stated"),
    "people.imported": N_("people imported"),
    "person.added": N_("person added"),
    "person.appointed": N_("person appointed"),
    "person.appointment_ended": N_("appointment ended"),
    "person.substituted": N_("substitution begun"),
    "person.substitution_ended": N_("substitution ended"),
    "phenomenon.added": N_("phenomenon added"),
    "phenomenon.moved": N_("phenomenon moved"),
    "phenomenon.renamed": N_("phenomenon renamed"),
    "plan.advanced": N_("step taken"),
    "plan.approved": N_("step approved"),
    "plan.created": N_("plan made"),
    "plan.edited": N_("plan edited"),
    "plan.group_complete": N_("project group set up in time"),
    "plan.migrated": N_("moved to another version of the method"),
    "plan.overdue": N_("plan overdue"),
    "plan.refused": N_("refused"),
    "plan.updated": N_("plan changed by an import"),
    "plan.watch_due": N_("to be looked at again"),
    "programme.deadline_set": N_("deadline of the programme set"),
    "programme.decided": N_("programme decided on by an authority"),
    "programme.imported": N_("programme imported"),
    "programme.submitted": N_("programme submitted"),
    "programme.version_proposed": N_("change of the programme proposed"),
}
NOTICES: Final = {
    "approval.outdated": N_("plan changed after a step that was approved"),
    "approval.voided": N_("approval void"),
    "evaluation.extension_asked": N_("another date asked for an evaluation"),
    "evaluation.opened": N_("evaluation open"),
    **{
        kind: KINDS[kind]
        for kind in (
            "evaluation.extended",
            "evaluation.missed",
            "evaluation.overdue",
            "evaluation.recorded",
            "plan.advanced",
            "plan.approved",
            "plan.migrated",
            "plan.overdue",
            "plan.watch_due",
        )
    },
}
