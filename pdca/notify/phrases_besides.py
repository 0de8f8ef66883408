"""What is said of what falls due besides the evaluations and phases of plans: follow-ups, programmes, what failed."""

from collections.abc import Mapping
from typing import Final

from pdca.i18n import N_
from pdca.notify.asking import AUTHORITY, CHIEF, NOTHING, Ask, Phrases

_ANSWER: Final = Ask(
    N_("Answer it: done, dropped with the reason, or carried over to another day. The command when it is done:"),
    "follow-up",
)
_ANSWER_GROUP: Final = Ask(
    N_("Help the project leader to get it done, and answer it when it is. The command when it is done:"), "follow-up"
)
_HOLD: Final = Ask(
    N_("See to it that the evaluation is held, and recorded theme by theme. This command shows what is there so far:"),
    "programme",
)
_RETRY: Final = Ask(N_("Mend the cause; then have it tried again. The command:"), "retry")

BESIDES: Final[Mapping[str, Phrases]] = {
    "followup.due": Phrases(
        news=N_("follow-up %(follow_up)s falls due on %(due_day)s"),
        happened=N_(
            "Follow-up %(follow_up)s of the action plan “%(title)s” (%(plan)s) is to be done by %(due)s, and has not "
            "been answered yet."
        ),
        quote=N_("What is to be done:"),
        asks={
            "owner": Ask(
                N_(
                    "See to it that it is done, and tell the project group; it answers the follow-up. The command when "
                    "it is done:"
                ),
                "follow-up",
            ),
            "lead": _ANSWER,
        },
        others=_ANSWER_GROUP,
        escalates=True,
    ),
    "followup.overdue": Phrases(
        news=N_("follow-up %(follow_up)s of %(due_day)s has not been answered"),
        happened=N_(
            "Follow-up %(follow_up)s of the action plan “%(title)s” (%(plan)s) should have been done by %(due)s. "
            "Nobody has answered it: neither as done, nor as dropped, nor as carried over."
        ),
        quote=N_("What was to be done:"),
        asks={"lead": _ANSWER, "group": _ANSWER_GROUP, "chief": CHIEF},
        others=AUTHORITY,
        escalates=True,
    ),
    "programme.evaluation_due": Phrases(
        news=N_("evaluation of the programme, to be held by %(due_day)s"),
        happened=N_(
            "Evaluation %(evaluation)s of the programme “%(title)s” (%(programme)s) is to be held by %(due)s. It has "
            "not been recorded yet."
        ),
        asks={"chief": _HOLD},
        others=AUTHORITY,
        escalates=True,
    ),
    "programme.evaluation_overdue": Phrases(
        news=N_("evaluation of the programme overdue since %(due_day)s"),
        happened=N_(
            "Evaluation %(evaluation)s of the programme “%(title)s” (%(programme)s) should have been held by %(due)s. "
            "It still has not been recorded."
        ),
        asks={"chief": _HOLD},
        others=AUTHORITY,
        escalates=True,
    ),
    "programme.evaluation_moved": Phrases(
        news=N_("evaluation of the programme is to be held by %(due_day)s"),
        happened=N_(
            "%(actor)s has recorded by when evaluation %(evaluation)s of the programme “%(title)s” (%(programme)s) is "
            "to be held: by %(due)s."
        ),
        quote=N_("The reason given:"),
        others=NOTHING,
    ),
    "programme.evaluation_extension_asked": Phrases(
        news=N_("approval asked to put off the evaluation of the programme from %(due_day)s to %(to_day)s"),
        happened=N_(
            "%(actor)s asks to have evaluation %(evaluation)s of the programme “%(title)s” (%(programme)s) held by "
            "%(to_date)s, and not by %(due)s."
        ),
        quote=N_("The reason given:"),
        others=Ask(
            N_(
                "If you agree, approve this before %(due)s; whoever asked may not do so. Without approval the day "
                "stays as it was fixed. The command:"
            ),
            "put-off",
        ),
    ),
    "programme.evaluation_extension_withdrawn": Phrases(
        news=N_("evaluation of the programme stays on %(due_day)s: the request to put it off is withdrawn"),
        happened=N_(
            "%(actor)s has withdrawn the request to have evaluation %(evaluation)s of the programme “%(title)s” "
            "(%(programme)s) held by %(to_date)s, and not by %(due)s. The day stays as it was fixed."
        ),
        quote=N_("The reason given:"),
        others=NOTHING,
    ),
    "programme.evaluation_extended": Phrases(
        news=N_("evaluation of the programme is put off from %(due_day)s to %(to_day)s"),
        happened=N_(
            "Evaluation %(evaluation)s of the programme “%(title)s” (%(programme)s) is to be held by %(to_date)s, and "
            "not by %(due)s. Approved by: %(actor)s."
        ),
        quote=N_("The reason given:"),
        others=Ask(N_("Nothing is required of you until then. You will be told when that day comes.")),
    ),
    "deadline.set_aside": Phrases(
        news=N_("%(deadline)s set aside after an error on %(at_day)s"),
        happened=N_(
            "What fell due on %(due)s for the action plan “%(title)s” (%(plan)s) could not be enforced: %(deadline)s "
            "was set aside on %(at)s. Until it is taken up again, nobody is told of it and it is not enforced."
        ),
        quote=N_("The error:"),
        others=_RETRY,
    ),
    "deadline.set_aside/programme_evaluation": Phrases(
        news=N_("%(deadline)s set aside after an error on %(at_day)s"),
        happened=N_(
            "What fell due on %(due)s for the programme “%(title)s” (%(programme)s) could not be enforced: "
            "%(deadline)s was set aside on %(at)s. Until it is taken up again, nobody is told of it and it is not "
            "enforced."
        ),
        quote=N_("The error:"),
        others=_RETRY,
    ),
}
"""By kind, or by kind and variant."""
