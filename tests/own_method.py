"""A method of an organisation's own in several versions, made from the one that is shipped."""

from pathlib import Path
from typing import Final

from workflows import definition as definitions

ID: Final = "eigen"
RUBRIC: Final = """\
[[rubrics]]
id = "{id}"
label = {{ nl = "{id}", fr = "{id}", en = "{id}" }}

# --- Levels"""
LEVEL: Final = """\
[[levels]]
id = "{id}"
kind = "{kind}"
order = {order}
label = {{ nl = "{id}", fr = "{id}", en = "{id}" }}

"""
PLAN_AND_ACTIVITY: Final = (("action_plan", "plan"), ("activity", "activity"))
UNDER: Final = (("strategic", "objective"), ("action_plan", "plan"), ("operational", "objective"), ("deed", "activity"))
"""Operational objectives under the plan."""
THREE: Final = (*((name, "objective") for name in ("strategic", "tactical", "operational")), *PLAN_AND_ACTIVITY)
"""Three levels of objectives, all above the plan."""


def version(number: int, *changes: tuple[str, str]) -> str:
    """A version of the method: the shipped one with each of these texts replaced wherever it stands."""
    text = definitions.load("zvp").text
    for old, new in (('id = "zvp"', f'id = "{ID}"'), ("version = 1\n", f"version = {number}\n"), *changes):
        assert old in text, old
        text = text.replace(old, new)
    return text


def with_rubric(name: str) -> tuple[str, str]:
    """The change that adds a rubric."""
    return "# --- Levels", RUBRIC.format(id=name)


def without_rubric(name: str) -> tuple[str, str]:
    """The change that takes a rubric away."""
    text = definitions.load("zvp").text
    start = text.index(f'[[rubrics]]\nid = "{name}"')
    end = text.index("[[rubrics]]", start + 1)
    return text[start:end], ""


def with_levels(*levels: tuple[str, str]) -> tuple[str, str]:
    """The change that gives it these levels and no others, the highest first: of each its id and its kind."""
    text = definitions.load("zvp").text
    start, end = text.index("[[levels]]"), text.index("# --- Escalation")
    made = (LEVEL.format(id=name, kind=kind, order=order) for order, (name, kind) in enumerate(levels, 1))
    return text[start:end], "".join(made)


def called(name: str) -> tuple[str, str]:
    """The change that gives it another id."""
    return f'id = "{ID}"', f'id = "{name}"'


def shelved(folder: Path, *texts: str) -> Path:
    """Put versions, the newest last, into a folder of their own, as an organisation keeps them."""
    folder.mkdir()
    for number, text in enumerate(texts, 1):
        name = f"{ID}.toml" if number == len(texts) else f"{ID}@{number}.toml"
        (folder / name).write_text(text, encoding="utf-8")
    return folder
