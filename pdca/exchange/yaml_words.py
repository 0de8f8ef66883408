"""What the YAML parser says, in words for somebody who writes a file by hand."""

from typing import Any

_INDENTATION = "Check that the lines of one list or mapping are indented alike."
_QUOTES = "A text with “: ”, “#”, brackets or a sign at its start goes in quotes."
_BRACKETS = "Check that every bracket and brace is closed, with commas between the items."

_WORDS = (
    ("mapping values are not allowed", "A “:” stands where no key can be.", _QUOTES),
    ("could not find expected ':'", "A key here has no “:” after it.", _QUOTES),
    ("expected ','", "A comma or a closing bracket is missing before this.", _BRACKETS),
    ("did not find expected ','", "A comma or a closing bracket is missing before this.", _BRACKETS),
    ("expected '-' indicator", "An item of the list (“- …”) was expected here.", _INDENTATION),
    ("block sequence entries are not allowed", "A list (“- …”) cannot begin here.", _INDENTATION),
    ("did not find expected key", "A key was expected here.", _INDENTATION),
    ("expected <block end>", "A key or an item of the list was expected here.", _INDENTATION),
    (
        "cannot start any token",
        "No value can begin with this character.",
        "Put the text in quotes; indent with spaces.",
    ),
    ("found a tab character", "A tab stands where only spaces may indent.", "Indent with spaces."),
    ("unknown escape character", "No such “\\” escape exists in double quotes.", "Write “\\\\” for a backslash."),
    ("escape", "This “\\” escape cannot be read.", "Write “\\\\” for a backslash."),
    ("expected the node content", "A value was expected here.", _BRACKETS),
    ("did not find expected node content", "A value was expected here.", _BRACKETS),
    ("<document start>", "Something stands after the end of the document.", _INDENTATION),
)


def syntax_in_words(problem: str) -> tuple[str, str]:
    """Give the message and the hint for what PyYAML or libyaml calls a problem."""
    for fragment, message, hint in _WORDS:
        if fragment in problem:
            return message, hint
    return "This cannot be read as YAML.", _INDENTATION


def cut_off(mark: Any, text: str) -> bool:  # noqa: ANN401 - PyYAML's marks have no types
    """Tell whether the parser stopped at the very end of the text."""
    if mark is None:
        return False
    lines = text.count("\n")
    return bool(mark.line > lines or (mark.line == lines and mark.column >= len(text) - text.rfind("\n") - 1))
