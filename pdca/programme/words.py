"""Words for what a programme and the decisions about it are, as readers see them."""

from typing import Final

from pdca.i18n import N_, _

STATUS: Final = {
    "draft": N_("draft"),
    "submitted": N_("submitted"),
    "approved": N_("approved"),
    "rejected": N_("rejected"),
}
HANDED_IN: Final = ("submitted", "approved")
"""The statuses of a programme that authorities have before them, or have approved."""

DECISION: Final = {
    "awaited": N_("awaited"),
    "approved": N_("approved"),
    "rejected": N_("rejected"),
}
VERSION_KIND: Final = {
    "programme": N_("the programme itself"),
    "addendum": N_("addendum"),
    "prolongation": N_("prolongation"),
}
VERSION_STATUS: Final = {
    "proposed": N_("waits for approval"),
    "approved": N_("approved"),
    "rejected": N_("rejected"),
}
DISPOSITION: Final = {
    "candidate": N_("not decided yet"),
    "retained": N_("retained"),
    "daily_operations": N_("daily operations"),
    "point_of_attention": N_("point of attention"),
    "dropped": N_("dropped from the programme"),
}
DECIDED: Final = tuple(word for word in DISPOSITION if word != "candidate")
"""What can be decided over an objective."""

EVALUATION_KIND: Final = {
    "yearly": N_("yearly evaluation"),
    "mid_term": N_("mid-term evaluation"),
    "final": N_("final evaluation"),
}
EVALUATION_STATUS: Final = {
    "planned": N_("to come"),
    "recorded": N_("recorded"),
}
THEME_DECISION: Final = {
    **{word: DISPOSITION[word] for word in DECIDED},
    "continue": N_("continues as it is"),
}


def status(word: str) -> str:
    """Give the status of a programme in the reader's language."""
    return _(STATUS[word])


def decision(word: str) -> str:
    """Give what an authority decided in the reader's language."""
    return _(DECISION[word])


def disposition(word: str) -> str:
    """Give what was decided over an objective in the reader's language."""
    return _(DISPOSITION[word])
