"""What is said to people whose calendars are told of an evaluation."""

from collections.abc import Mapping
from typing import Final

from pdca.i18n import N_
from pdca.notify.asking import Ask, Phrases

_NO_MORE: Final = Ask(
    N_("Nothing is required of you. Who wants no such messages any more says so with this command:"), "no-invitations"
)

INVITING: Final[Mapping[str, Phrases]] = {
    "evaluation.invited/invited": Phrases(
        news=N_("invitation to the evaluation of %(due_day)s"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) is on %(due)s. With this message your "
            "calendar can take it in."
        ),
        others=_NO_MORE,
    ),
    "evaluation.invited/moved": Phrases(
        news=N_("evaluation now on %(due_day)s: change in your calendar"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s) is now on %(due)s. With this message "
            "your calendar can move it."
        ),
        others=_NO_MORE,
    ),
    "evaluation.invited/withdrawn": Phrases(
        news=N_("evaluation of %(due_day)s: out of your calendar"),
        happened=N_(
            "Evaluation %(evaluation)s of the action plan “%(title)s” (%(plan)s), on %(due)s, does not take place, or "
            "you are not expected at it any more. With this message your calendar can take it out."
        ),
        others=_NO_MORE,
    ),
}
"""By kind and variant."""
