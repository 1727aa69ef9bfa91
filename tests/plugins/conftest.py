"""A real plugin, installed for the tests: ``labels``, which the core starts as a process of its own."""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pact import Pact

_SOURCES = ("plugin.py", "labels.py", "protocol.py")
LABELS = "application/x-labels"


class PluginFolder:
    """A folder of installed plugins, and the processes that the core has started from it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = 0

    def install(self, name: str, version: str, program: str | None = None, **manifest: Any) -> Path:
        """Install the plugin of the tests as ``name``, or ``program`` in its place."""
        folder = self.path / f"{name}-{version}"
        folder.mkdir()
        for source in _SOURCES:
            shutil.copy(Path(__file__).parent / source, folder)
        if program is not None:
            (folder / "plugin.py").write_text(program)
        facts = {
            "manifestVersion": 1,
            "pluginInterfaceVersion": 1,
            "name": name,
            "version": version,
            "executableType": "exec",
            "entryPoint": sys.executable,
            "args": ["plugin.py"],
            "dependencies": [],
            **manifest,
        }
        (folder / "pact-plugin.json").write_text(json.dumps(facts))
        return folder

    def calls(self, method: str | None = None) -> list[dict[str, Any]]:
        """Return what plugins were asked in this test; each call has the ``pid`` of the process that answered."""
        return [call for call in self._calls()[self._seen :] if method in (None, call["method"])]

    def forget_calls(self) -> None:
        """Let `calls` begin here."""
        self._seen = len(self._calls())

    def _calls(self) -> list[dict[str, Any]]:
        lines = [line for file in self.path.glob("*/calls.jsonl") for line in file.read_text().splitlines()]
        return sorted(map(json.loads, lines), key=lambda call: float(call["time"]))

    def running(self) -> list[int]:
        """Return the processes that were started and live."""
        return [pid for pid in sorted({call["pid"] for call in self._calls()}) if _lives(pid)]

    def until(self, condition: Callable[[], bool], seconds: float = 3.0) -> bool:
        """Wait for ``condition``; return whether it came."""
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            time.sleep(0.01)
        return condition()

    def nothing_runs(self) -> bool:
        """Return whether all plugin processes are gone, or go soon."""
        return self.until(lambda: not self.running())


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PluginFolder]:
    """The folder with ``labels`` in two versions; one for all tests, as the core remembers where a plugin was."""
    folder = PluginFolder(tmp_path_factory.mktemp("plugins"))
    folder.install("labels", "1.2.0")
    folder.install("labels", "1.10.0")
    yield folder
    for pid in folder.running():
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def kept(installed: PluginFolder) -> Iterator[None]:
    """The plugin runs all through a module, which is quicker than to start it for each test."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PACT_PLUGIN_DIR", str(installed.path))
        keeper = Pact("consumer", "of the module").using_plugin("labels")
    yield
    del keeper
    gc.collect()
    assert installed.nothing_runs(), "plugin processes were left"


@pytest.fixture(autouse=True)
def plugins(
    installed: PluginFolder, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[PluginFolder]:
    """The installed plugins; after each test, none of their processes may be left."""
    pytest.importorskip("grpc", reason="needs grpcio, which has no wheel for every platform")
    monkeypatch.setenv("PACT_PLUGIN_DIR", str(installed.path))
    installed.forget_calls()
    yield installed
    request.node.funcargs.clear()  # pytest holds what fixtures returned until later
    gc.collect()
    assert "kept" in request.fixturenames or installed.nothing_runs(), "plugin processes were left"
