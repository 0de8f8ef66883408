"""What stands around what a message says: its subject, the greeting, why somebody gets it, and the foot.

Templates are filled in as those of `pdca.notify.phrases` are.
"""

from typing import Final

from pdca.i18n import N_

WHY: Final = {
    "lead": N_("You get this message because you lead this action plan."),
    "group": N_("You get this message because you belong to the project group of this action plan."),
    "approver": N_("You get this message because you approved this action plan."),
    "asked": N_("You get this message because you are asked to approve a step of this action plan."),
    "owner": N_("You get this message because this follow-up was assigned to you, or to the function you hold."),
    "informed": N_(
        "You get this message because the project group of this action plan decided to inform you, or whom you "
        "represent, of the progress made."
    ),
    "administrator": N_("You get this message because you administer this installation."),
    "stakeholders": N_(
        "You get this message because the project group of this action plan keeps you, or whom you represent, informed."
    ),
    "chief": N_(
        "You get this message because you head the organisation: what waits for approval or is overdue is put before "
        "you."
    ),
    "authority": N_(
        "You get this message because the organisation accounts to you, or to whom you represent, for what is overdue "
        "or put off."
    ),
}

WHY_INSTEAD: Final = N_("You get this message in the place of somebody who is absent and for whom you act.")

NEXT_TOLD: Final = {
    "lead": N_("If nothing has changed by %(next)s, the project leader will be told."),
    "group": N_("If nothing has changed by %(next)s, the project group will be told."),
    "chief": N_("If nothing has changed by %(next)s, the head of the organisation will be told."),
    "authority": N_("If nothing has changed by %(next)s, the authority will be told."),
}

VERDICTS: Final = {
    "effective": N_("effective"),
    "ineffective": N_("ineffective"),
    "inconclusive": N_("inconclusive"),
}

SUBJECT: Final = N_("%(plan)s %(title)s: %(news)s")
SUBJECT_OF_PROGRAMME: Final = N_("%(programme)s %(title)s: %(news)s")
GREETING: Final = N_("Dear %(name)s,")
FOLLOWING: Final = N_("The next evaluation of this plan is on %(following)s.")
DAYS: Final = N_("The dates: %(days)s.")
FIRST_DAYS: Final = N_("The first %(count)s dates: %(days)s.")
NONE_FOLLOWING: Final = N_("No other evaluation of this plan is to come.")
BY_WHEN: Final = N_("By when: %(by)s.")
FOOT: Final = N_("Sent by pdca for %(organisation)s, message %(id)s. Time zone: %(zone)s.")
THE_SCHEDULER: Final = N_("The scheduler")
TRIAL: Final = N_("Trial message of %(organisation)s")
TRIAL_BODY: Final = N_(
    "This message tries out how %(organisation)s tells you things. Nothing has happened, and nothing is asked of you."
)
SIMULATION: Final = N_("[SIMULATION]")
ASSUMED: Final = N_("[ASSUMED]")
SIMULATION_NOTE: Final = N_(
    "[SIMULATION] This message comes from a simulated installation. Nothing in it has happened."
)
ASSUMED_NOTE: Final = N_("[ASSUMED] This plan was assumed for an example; it does not come from %(organisation)s.")

KEEP_CHECKPOINT: Final = N_(
    "The signed state of the log follows. Whoever keeps it can have it proven later that nothing before it was changed:"
)

DIGEST: Final = N_("%(count)s evaluations to come, the first on %(day)s")
DIGEST_BEGINS: Final = N_("Several evaluations that you have to do with come up.")
DIGEST_WHY: Final = N_("You get this message because you lead these action plans or belong to their project groups.")
DIGEST_WHY_INSTEAD: Final = N_(
    "You get this message because these action plans are led by you or by somebody absent for whom you act, or because "
    "one of you belongs to their project groups."
)
DIGEST_FOOT: Final = N_("Sent by pdca for %(organisation)s, messages %(ids)s. Time zone: %(zone)s.")
"""For several reminders in one message."""
ASSUMED_PROGRAMME_NOTE: Final = N_(
    "[ASSUMED] This evaluation was assumed for an example; it does not come from %(organisation)s."
)
TOGETHER: Final = N_("%(count)s messages about %(about)s, up to %(day)s")
"""For messages of several kinds in one."""
TOGETHER_LATE: Final = N_("%(count)s matters overdue, of %(about)s, up to %(day)s")
"""For those that all tell that something is late."""
TOGETHER_OPENED: Final = N_("%(count)s evaluations opened, of %(about)s, up to %(day)s")
"""For those that all tell that an evaluation is open."""
TOGETHER_BEGINS: Final = N_("This message puts together what there was to tell you.")
TOGETHER_WHY: Final = N_(
    "You get this as one message because it came at one time, because you wished it so, or because it came on days on "
    "which you want no messages."
)
