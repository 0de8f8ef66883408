"""Words for what a programme and the decisions about it are, as readers see them."""

from typing import Final

from pdca.i18n import N_, _

STATUS: Final = {
    "draft": N_("draft"),
    "submitted": N_("submitted"),
    "approved": N_("approved"),
    "rejected": N_("rejected"),
}
DECISION: Final = {
    "awaited": N_("awaited"),
    "approved": N_("approved"),
    "rejected": N_("rejected"),
}


def status(word: str) -> str:
    """Give the status of a programme in the reader's language."""
    return _(STATUS[word])


def decision(word: str) -> str:
    """Give what an authority decided in the reader's language."""
    return _(DECISION[word])
