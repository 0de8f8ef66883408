"""What is said of informing partners, authorities and the population: to the project group, and to who is informed."""

from collections.abc import Mapping
from typing import Final

from pdca.i18n import N_
from pdca.notify.asking import AUTHORITY, CHIEF, Ask, Phrases

_APPROVE: Final = Ask(
    N_("Read it, and approve it if it may go as it is; a report that was prepared anew takes its place. The command:"),
    "approve-report",
)
_HAND_OVER: Final = Ask(
    N_("See to it that it goes out, and record what proves it. This command shows where it stands:"), "report"
)
_SHOW: Final = Ask(N_("This command shows who is informed of the plan, when and how:"), "information")

_LATE: Final = {"chief": CHIEF, "authority": AUTHORITY}

INFORMING: Final[Mapping[str, Phrases]] = {
    "information.set": Phrases(
        news=N_("%(party)s is informed, first on %(due_day)s"),
        happened=N_(
            "%(actor)s has recorded, on %(at)s, that the project group of the action plan “%(title)s” (%(plan)s) "
            "informs %(party)s of the progress made. The first moment is %(due)s."
        ),
        quote=N_("The reason given:"),
        others=_SHOW,
    ),
    "information.set/ended": Phrases(
        news=N_("%(party)s is informed no longer since %(at_day)s"),
        happened=N_(
            "%(actor)s has recorded, on %(at)s, that the project group of the action plan “%(title)s” (%(plan)s) does "
            "not inform %(party)s any more."
        ),
        quote=N_("The reason given:"),
        others=_SHOW,
    ),
    "information.prepared": Phrases(
        news=N_("report %(report)s of %(due_day)s for %(party)s waits for approval"),
        happened=N_(
            "The progress report %(report)s of the action plan “%(title)s” (%(plan)s) for %(party)s was prepared on "
            "%(at)s. It is not sent before somebody of the project group approves it."
        ),
        others=_APPROVE,
    ),
    "information.report": Phrases(
        news=N_("progress report of %(due_day)s"),
        happened=N_(
            "%(organisation)s informs %(party)s of the progress made in the action plan “%(title)s” (%(plan)s). The "
            "report %(report)s is attached. Its fingerprint (SHA-256) is %(sha256)s."
        ),
        others=Ask(
            N_(
                "Nothing is required of you. What you think of it is welcome: tell the project group; your reaction is "
                "recorded and answered."
            )
        ),
    ),
    "information.withheld": Phrases(
        news=N_("%(party)s was not informed on %(due_day)s: the plan is restricted"),
        happened=N_(
            "%(party)s was to be informed of the action plan “%(title)s” (%(plan)s) on %(at)s. The plan is restricted, "
            "so no report was prepared."
        ),
        others=Ask(
            N_("If the project group wants it to be informed all the same, it decides so. The command shows how:"),
            "information",
        ),
    ),
    "information.overdue/prepared": Phrases(
        news=N_("report %(report)s of %(due_day)s for %(party)s was not approved in time"),
        happened=N_(
            "The progress report %(report)s of the action plan “%(title)s” (%(plan)s) for %(party)s was to be approved "
            "by %(since)s. Nobody has approved it, so %(party)s has not been informed."
        ),
        asks=_LATE,
        others=_APPROVE,
        escalates=True,
    ),
    "information.overdue/approved": Phrases(
        news=N_("report %(report)s of %(due_day)s for %(party)s was not sent in time"),
        happened=N_(
            "The progress report %(report)s of the action plan “%(title)s” (%(plan)s) for %(party)s was approved, and "
            "was to be sent by %(since)s. Nothing says that this was done."
        ),
        asks=_LATE,
        others=_HAND_OVER,
        escalates=True,
    ),
    "information.overdue/sent": Phrases(
        news=N_("report %(report)s of %(due_day)s for %(party)s: no receipt"),
        happened=N_(
            "The progress report %(report)s of the action plan “%(title)s” (%(plan)s) for %(party)s was handed over, "
            "and by %(since)s nothing proves that it was sent: a letter was not posted, or a mail could not leave."
        ),
        asks=_LATE,
        others=_HAND_OVER,
        escalates=True,
    ),
}
