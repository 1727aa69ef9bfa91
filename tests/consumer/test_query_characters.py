"""Characters that a query may hold, in every version of the specification."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


WRITING = """
import sys
from pact import Pact
from pact.error import PactError
for text in ("Ü", "日本", "😀", "\\U00020000x", "a\\x7fb", "%", "&=+"):
    for name, value in (("q", text), (text, "1")):
        pact = Pact("consumer", "provider").with_specification(sys.argv[1])
        pact.upon_receiving("x").with_request("GET", "/").with_query_parameter(name, value).will_respond_with(200)
        try:
            pact.write_file(sys.argv[2], overwrite=True)
        except PactError as error:
            assert "V3" in str(error), error
"""


@pytest.mark.parametrize("version", ["V1", "V1.1", "V2", "V3", "V4"])
def test_characters_in_the_query_of_every_version(tmp_path: Path, version: str) -> None:
    """The core can be brought to end the process here, so another process has to try."""
    result = subprocess.run(
        [sys.executable, "-c", WRITING, version, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (result.returncode, result.stderr[:500]) == (0, "")
