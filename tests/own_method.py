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


def shelved(folder: Path, *texts: str) -> Path:
    """Put versions, the newest last, into a folder of their own, as an organisation keeps them."""
    folder.mkdir()
    for number, text in enumerate(texts, 1):
        name = f"{ID}.toml" if number == len(texts) else f"{ID}@{number}.toml"
        (folder / name).write_text(text, encoding="utf-8")
    return folder
