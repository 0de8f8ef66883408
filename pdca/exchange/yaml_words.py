"""What the YAML parser says, in words for somebody who writes a file by hand."""

from typing import Any

from pdca.i18n import N_, _

_INDENTATION = N_("Check that the lines of one list or mapping are indented alike.")
_QUOTES = N_("A text with “: ”, “#”, brackets or a sign at its start goes in quotes.")
_BRACKETS = N_("Check that every bracket and brace is closed, with commas between the items.")
_NO_COMMA = (N_("A comma or a closing bracket is missing before this."), _BRACKETS)
_NO_VALUE = (N_("A value was expected here."), _BRACKETS)
_BACKSLASH = N_("Write “\\\\” for a backslash.")

# What of the parser's words tells the mistakes apart; the first that is found counts.
_WORDS = {
    "mapping values are not allowed": (N_("A “:” stands where no key can be."), _QUOTES),
    "could not find expected ':'": (N_("A key here has no “:” after it."), _QUOTES),
    "expected ','": _NO_COMMA,
    "did not find expected ','": _NO_COMMA,
    "expected '-' indicator": (N_("An item of the list (“- …”) was expected here."), _INDENTATION),
    "block sequence entries are not allowed": (N_("A list (“- …”) cannot begin here."), _INDENTATION),
    "did not find expected key": (N_("A key was expected here."), _INDENTATION),
    "expected <block end>": (N_("A key or an item of the list was expected here."), _INDENTATION),
    "cannot start any token": (
        N_("No value can begin with this character."),
        N_("Put the text in quotes; indent with spaces."),
    ),
    "found a tab character": (N_("A tab stands where only spaces may indent."), N_("Indent with spaces.")),
    "unknown escape character": (N_("No such “\\” escape exists in double quotes."), _BACKSLASH),
    "escape": (N_("This “\\” escape cannot be read."), _BACKSLASH),
    "expected the node content": _NO_VALUE,
    "did not find expected node content": _NO_VALUE,
    "<document start>": (N_("Something stands after the end of the document."), _INDENTATION),
}


def syntax_in_words(problem: str) -> tuple[str, str]:
    """Give the message and the hint for what PyYAML or libyaml calls a problem."""
    for fragment, (message, hint) in _WORDS.items():
        if fragment in problem:
            return _(message), _(hint)
    return _("This cannot be read as YAML."), _(_INDENTATION)


def cut_off(mark: Any, text: str) -> bool:  # noqa: ANN401 - PyYAML's marks have no types
    """Tell whether the parser stopped at the very end of the text."""
    if mark is None:
        return False
    lines = text.count("\n")
    return bool(mark.line > lines or (mark.line == lines and mark.column >= len(text) - text.rfind("\n") - 1))
