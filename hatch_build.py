"""Compiles the translations: `pdca/locale/<language>/LC_MESSAGES/pdca.po` to the `.mo` beside it.

Hatchling runs the hook for the wheel and for an editable installation; `./dev` runs this file when a text was edited.
"""

import os
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_translations(root: Path) -> list[Path]:
    """Compile every catalogue under `root` and return the files written. Texts marked fuzzy are left in English."""
    written = []
    for source in sorted(root.glob("pdca/locale/*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
        target = source.with_suffix(".mo")
        partial = target.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            write_mo(file, catalogue)
        partial.replace(target)
        written.append(target)
    return written


class TranslationsHook(BuildHookInterface[Any]):
    """The build hook that hatchling calls before it collects files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Compile before the files are collected."""
        compile_translations(Path(self.root))


if __name__ == "__main__":
    compile_translations(Path(__file__).parent)
