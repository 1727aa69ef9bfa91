"""The page of settings names every fixture, option and environment variable that there is, and no other."""

from __future__ import annotations

import re
from typing import Any

from pact_ffi import pytest_plugin

from .pages import ROOT

TEXT = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
VARIABLE = r"\bPACT_[A-Z]+(?:_[A-Z]+)*\b"


def test_every_variable_that_is_read_is_named_and_no_other() -> None:
    sources = [*(ROOT / "pact_ffi").rglob("*.py"), ROOT / "setup.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.name != "_cffi.py")
    read = set(re.findall(rf'["\'`]({VARIABLE})["\'`]', code)) | set(re.findall(r"`(PACT_\w+)`", code))
    shown = set(re.findall(rf"`({VARIABLE})`", TEXT))
    composed = {f"PACT_FFI_{name}" for name in re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', code)}
    assert shown <= set(re.findall(VARIABLE, code)) | composed
    assert read <= shown | {"PACT_HANDLES"}


def test_fixtures_markers_and_options_are_named() -> None:
    plugin: Any = pytest_plugin
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pact_ffi" / "pytest_plugin").glob("*.py"))
    fixtures = re.findall(r"^@pytest\.fixture\ndef (\w+)", source, re.M)
    options = re.findall(r'addoption\(\s*"(--[\w-]+)"', source)
    assert len(fixtures) >= 5 and len(options) >= 2
    markers = [marker.partition("(")[0] + "(" for marker in plugin._MARKERS]
    for name in (*fixtures, *options, *plugin._INI, *markers):
        assert f"`{name}" in TEXT, name
