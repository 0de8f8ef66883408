"""Words for what a function or stakeholder is, as readers see them."""

from typing import Final

from pdca.i18n import N_

FUNCTION: Final = "function"
KIND: Final = {
    FUNCTION: N_("function"),
    "partner": N_("partner"),
    "authority": N_("authority"),
    "public": N_("public"),
    "internal": N_("own staff"),
}
OUTSIDE: Final = tuple(kind for kind in KIND if kind != FUNCTION)
"""What a stakeholder can be."""

ESCALATION: Final = {
    "chief": N_("head of the organisation"),
    "authority": N_("authority"),
}
"""As what a party is told of what climbs the ladder; it decides on programmes too."""
