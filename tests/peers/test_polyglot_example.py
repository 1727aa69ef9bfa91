"""The example in two languages, with the pact-js that the other tests have."""

from __future__ import annotations

import json
import os
import runpy
import shutil
from pathlib import Path
from typing import Any

from .peer_install import PACT_JS, pact_js

ROOT = Path(__file__).resolve().parents[2]
Reader: Any = runpy.run_path(str(ROOT / "tests" / "docs" / "pages.py"))["Reader"]


def test_the_example_does_what_its_readme_says(tmp_path: Path) -> None:
    peer, example = pact_js(), ROOT / "examples" / "polyglot"
    wanted = json.loads((example / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert wanted == {"@pact-foundation/pact": PACT_JS}
    folder = tmp_path / "polyglot"
    shutil.copytree(example, folder)
    (folder / "node_modules").symlink_to(peer.folder / "node_modules")
    reader = Reader(folder / "README.md", folder)
    npm = folder / ".bin" / "npm"
    npm.write_text("#!/bin/sh\ntest -d node_modules/@pact-foundation/pact\n")
    npm.chmod(0o755)
    path = f"{folder / '.bin'}{os.pathsep}{peer.node.parent}{os.pathsep}{reader.environment['PATH']}"
    reader.environment |= {"PATH": path, "PACT_DO_NOT_TRACK": "true"}
    reader.read()
