"""The verifier that is handed out with every export, loaded by its path as somebody elsewhere would run it."""

import sys
from importlib import util
from pathlib import Path
from typing import Any, Final

PATH: Final = Path(__file__).parents[1] / "pdca" / "audit" / "standalone" / "verify.py"


def load() -> Any:  # noqa: ANN401 - a module that is no part of the program
    """Load it as a module of its own."""
    name = "standalone_verify"
    if name not in sys.modules:
        spec = util.spec_from_file_location(name, PATH)
        assert spec is not None
        assert spec.loader is not None
        module = util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]
