"""The words for the status of an evaluation."""

from typing import TYPE_CHECKING, Final

from pdca.i18n import LANGUAGES, N_, catalogue

if TYPE_CHECKING:
    from workflows.method import Localized

STATUS: Final = {
    "planned": N_("planned"),
    "open": N_("open"),
    "recorded": N_("recorded"),
    "missed": N_("missed"),
    "cancelled": N_("cancelled"),
    "before_import": N_("before the import"),
}


def in_every_language(status: str) -> "Localized":
    """Give the words for a status as a localized text: a need is put into words for each of its readers."""
    return {language: catalogue(language).gettext(STATUS[status]) for language in LANGUAGES}
