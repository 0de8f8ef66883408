"""What a notice is made of: what happened, what each reader is asked, and by which command it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pdca.i18n import N_


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a reader; `command` says which command does it.

    record, conclude, approve (an extension), put-off (approve one of a programme), schedule (when it is evaluated),
    step, purpose (the step approved), again (approve a step), since (what was changed since it was approved), follow-up
    (answer it), programme (what its evaluation says so far), retry (what was set aside), no-invitations (be invited no
    more), approve-report, report (where it stands), information (who is informed), show (the plan), watch or why-not.
    """

    text: str
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words for one kind of notice.

    `asks` has what each role is asked, `others` is for the roles not in it. `news` ends the subject; `news_by` does
    for a role in `asks` when there is a date to be ready by. `quote` leads in the words of a user. `escalates` adds
    who is told next.
    """

    news: str
    happened: str
    others: Ask
    asks: Mapping[str, Ask] = field(default_factory=dict)
    news_by: str | None = None
    quote: str | None = None
    escalates: bool = False


NOTHING: Final = Ask(N_("Nothing is required of you."))
CHIEF: Final = Ask(N_("See to it that the project group gets this done."))
AUTHORITY: Final = Ask(
    N_("Nothing is required of you in the program. You may ask the organisation to account for this.")
)
