"""What a notice is made of: what happened, what each reader is asked, and by which command it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

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

COMMANDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "record": lambda told: f"pdca evaluation record {told['evaluation']}",
    "approve": lambda told: f"pdca evaluation extend {told['evaluation']} --approve --reason …",
    # The id of a programme makes it longer than a line of a mail.
    "put-off": lambda told: f"pdca programme evaluation extend {told['evaluation']} \\\n      --approve --reason …",
    "again": lambda told: f"pdca plan approve {told['plan']} --for {told['purpose']} --reason …",
    "schedule": lambda told: f"pdca schedule show {told['plan']}",
    "show": lambda told: f"pdca plan show {told['plan']}",
    "watch": lambda told: f"pdca plan watch {told['plan']} --again DATE --found …",
    "follow-up": lambda told: f"pdca followup answer {told['follow_up']} --done --reason …",
    "approve-report": lambda told: f"pdca information approve {told['report']}",
    "report": lambda told: f"pdca information report {told['report']}",
    "information": lambda told: f"pdca information show {told['plan']}",
    "programme": lambda told: f"pdca programme evaluation show {told['evaluation']}",
    "no-invitations": lambda told: f"pdca person invitations {told['person']} no",
    "retry": lambda told: f"pdca scheduler retry {told['deadline']} --reason …",
}
"""The commands that need nothing but what happened; the others depend on the method and the state of the plan."""
