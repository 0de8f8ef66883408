"""How ids, names and texts are written, whichever way they come in: by a file, a workbook or the command line.

What a command takes in has to fit a file, so that what is written out can be read back.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final
from unicodedata import category

from pdca.errors import Place, Usage
from pdca.i18n import _

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
LONGEST_LABEL: Final = 500
"""How many characters a title or a name has at most; it stands on one line."""

LONGEST_TEXT: Final = 50_000
"""How many characters any other text has at most: some twenty pages."""

KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
SESSION: Final = re.compile(r"S[1-9][0-9]{0,5}")
REACTION: Final = re.compile(r"R[1-9][0-9]{0,5}")
"""How the sessions with partners, and their reactions, are numbered inside a plan."""

WORD: Final = re.compile(r"\w[\w .&/-]{0,62}")
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""Characters that stand for nothing that can be read; a text has none of them."""


def check_given(name: str, text: str) -> None:
    """Refuse a text of the command line that is too long or holds a control character; raises Usage.

    `name` is the option or argument. What is no Unicode at all is refused where it would be kept.
    """
    if len(text) > LONGEST_TEXT:
        raise Usage(
            "text-too-long",
            _("%(option)s: the text has %(count)d characters; at most %(most)d are kept.")
            % {"option": name, "count": len(text), "most": LONGEST_TEXT},
            hint=_("Shorten it, and say where the rest is found."),
            place=Place(field=name),
        )
    found = CONTROL.search(text)
    if found and not "\ud800" <= found[0] <= "\udfff":
        raise Usage(
            "control-character",
            _("%(option)s: the control character %(character)s is not allowed.")
            % {"option": name, "character": f"U+{ord(found[0]):04X}"},
            hint=_("Write the text again without it."),
            place=Place(field=name),
        )


def check_one_line(what: str, text: str) -> str:
    """Give a title or a name back without the blanks around it; raises Usage when it is none."""
    label = text.strip()
    if "\n" in label or "\t" in label or len(label) > LONGEST_LABEL:
        raise Usage(
            "not-one-line",
            _("%(what)s must be one line of at most %(most)d characters.") % {"what": what, "most": LONGEST_LABEL},
            hint=_("Shorten it."),
        )
    return label


def check_statement(what: str, text: str) -> str:
    """Give a line that has to say something back without the blanks around it; raises Usage when it does not.

    Blanks of any width can be read past; what has no shape at all would make two lines look the same that are not.
    """
    line = check_one_line(what, text)
    if not line:
        raise Usage("line-missing", _("%(what)s is empty.") % {"what": what}, hint=_("State it."))
    unseen = next((one for one in line if not one.isprintable() and category(one) != "Zs"), None)
    if unseen:
        raise Usage(
            "line-unreadable",
            _("%(what)s holds the character %(character)s, which cannot be seen.")
            % {"what": what, "character": f"U+{ord(unseen):04X}"},
            hint=_("Write the text again without it."),
        )
    return line


def check_id(text: str) -> str:
    """Give an id back; raises Usage when it is none."""
    if not KEY.fullmatch(text):
        raise Usage(
            "bad-id",
            _("“%(text)s” cannot be an id.") % {"text": text},
            hint=_("Use up to 63 letters without accents, digits, “-”, “_” and “.”, beginning with a letter or digit."),
        )
    return text


def taken(wanted: str, known: Iterable[str]) -> str | None:
    """Find the id that is the same as the wanted one to whoever types it: capitals make no other id; None for none."""
    return next((one for one in known if one.casefold() == wanted.casefold()), None)


def check_among(code: str, message: str, word: str, choices: Collection[str]) -> None:
    """Refuse a word that is none of the choices; raises Usage.

    `message` is marked by `N_` and quotes it as `%(word)s`.
    """
    if word not in choices:
        raise Usage(
            code, _(message) % {"word": word}, hint=_("Choose one of %(choices)s.") % {"choices": ", ".join(choices)}
        )


def check_text(text: str) -> None:
    """Refuse a text that says nothing; raises Usage."""
    if not text.strip():
        raise Usage("text-missing", _("The text is empty."), hint=_("State it."))


def check_reason(reason: str) -> None:
    """Refuse a reason of the command line that says nothing; raises Usage."""
    if not reason.strip():
        raise Usage("reason-missing", _("No reason is given."), hint=_("State why, with --reason."))
