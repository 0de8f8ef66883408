"""A page seen in headless Chromium, in frames as wide as asked: what axe-core finds in it, and whether it fits."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

AXE: Final = Path(__file__).parent / "pages" / "node_modules" / "axe-core" / "axe.min.js"
REQUIRED: Final = os.environ.get("PDCA_REQUIRE_BROWSER") == "1"

_STANDARDS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_RESULT: Final = re.compile(r'<pre id="at-(\d+)">([^<]+)</pre>')
_CHECK: Final = """
axe.run(document, {runOnly: STANDARDS, resultTypes: ["violations"]}).then((found) => {
  const told = {
    violations: found.violations.map((one) => [one.id, one.help, one.nodes.map((node) => node.html)]),
    passed: found.passes.length,
    width: document.documentElement.scrollWidth,
    shown: document.documentElement.clientWidth,
  };
  parent.document.getElementById("at-" + window.name).textContent = btoa(encodeURIComponent(JSON.stringify(told)));
});
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser made of a page: violations, checks that passed, how wide it is and how much of that is shown."""

    violations: list[Any]
    passed: int
    width: int
    shown: int


def needed(program: str) -> str:
    """Give where a program is; without it the test is skipped, or fails where a browser is required."""
    found = shutil.which(program)
    if found is None:
        missing(f"no {program} on this machine (.ci/run installs it)")
    return str(found)


def missing(message: str) -> None:
    if REQUIRED:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def seen(html: str, folder: Path, *widths: int) -> dict[int, Seen]:
    """Open a page in a frame of each width, in a copy without its policy, which would let no script check it."""
    chromium = needed("chromium")
    if not AXE.exists():
        missing("axe-core is not installed (npm ci --prefix tests/pages)")
    check = _CHECK.replace("STANDARDS", json.dumps(_STANDARDS))
    scripts = f"<script>{AXE.read_text(encoding='utf-8')}</script><script>{check}</script></body>"
    (folder / "inner.html").write_text(_POLICY.sub("", html).replace("</body>", scripts), encoding="utf-8")
    frames = [
        f'<pre id="at-{width}"></pre>'
        f'<iframe name="{width}" src="inner.html" style="width:{width}px;height:900px;border:0"></iframe>'
        for width in widths
    ]
    outer = folder / "outer.html"
    outer.write_text(f'<!DOCTYPE html><meta charset="utf-8">{"".join(frames)}', encoding="utf-8")
    options = ["--headless=new", "--disable-gpu", "--no-first-run", "--allow-file-access-from-files"]
    options += ["--virtual-time-budget=30000", f"--user-data-dir={folder / 'profile'}", "--window-size=1400,1000"]
    # Chromium's own sandbox does not work for the administrator of a machine.
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    ran = subprocess.run(
        [chromium, *options, "--dump-dom", outer.as_uri()], capture_output=True, text=True, timeout=300, check=True
    )
    found = {int(width): Seen(**_opened(told)) for width, told in _RESULT.findall(ran.stdout)}
    assert set(found) == set(widths), ran.stderr
    return found


def _opened(text: str) -> dict[str, Any]:
    from base64 import b64decode
    from urllib.parse import unquote

    found: dict[str, Any] = json.loads(unquote(b64decode(text).decode()))
    return found
