"""What stands under every page that leaves the house: where it comes from, its hash, and the state of the log."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pdca.i18n import _
from pdca.words import with_name

View = Mapping[str, Any]

_NESTED: Final = (dict, list)


def foot(view: View, comes_from: str) -> Iterator[str]:
    """Give the lines of the foot of a page; `comes_from` says from what it was made."""
    if _assumed(view):
        yield _("~ assumed: not the body's own")
    yield comes_from
    yield with_name(_("SHA-256 of the content"), view["content_sha256"])
    yield from of_the_log(view["checkpoint"])


def of_the_log(checkpoint: View) -> Iterator[str]:
    """Give the state of the log, and what it is good for."""
    yield _("State of the log (checkpoint): %(size)d events, root %(root)s") % checkpoint
    if checkpoint["note"]:
        yield _(
            "Keep what stands below, signed by the organisation: with it anybody can prove later whether anything in "
            "the log was changed."
        )
    else:
        yield _("Keep this foot: with it anybody can check later that nothing was changed in the log.")


def notices(view: View) -> Iterator[str]:
    """Give what is to be read before anything else."""
    if view["body"]["simulated"]:
        yield _("SIMULATION: nothing in this database is real.")


def _assumed(view: View) -> bool:
    """Tell whether anything in the facts of a page is assumed."""
    left: list[Any] = [dict(view)]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            for name, one in value.items():
                if isinstance(one, _NESTED):
                    left.append(one)
                elif one is True and name.endswith("assumed"):
                    return True
        else:
            left += [one for one in value if isinstance(one, _NESTED)]
    return False
