"""Loading a plugin: which version, how often its process runs, and what is said when it does not work."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from pact import Pact
from pact_ffi.errors import InvalidInputError, PluginError, SpecificationError

from .conftest import LABELS, PluginFolder


def versions(pact: Pact) -> list[tuple[str, str]]:
    """Return the plugins that the pact file names."""
    pact.upon_receiving("anything").with_request("GET", "/").will_respond_with(204)
    with tempfile.TemporaryDirectory() as folder:
        pact.write_file(folder)
        written = json.loads((Path(folder) / f"{pact.consumer}-{pact.provider}.json").read_text())
    return [(each["name"], each["version"]) for each in written["metadata"]["plugins"]]


def test_a_plugin_is_started_and_told_what_there_is(plugins: PluginFolder) -> None:
    pact = Pact("consumer", "provider")
    started = time.monotonic()
    assert pact.using_plugin("labels") is pact
    assert time.monotonic() - started < 3
    assert len(plugins.running()) == 1
    assert plugins.until(lambda: bool(plugins.calls("UpdateCatalogue")))
    (call,) = plugins.calls("UpdateCatalogue")
    assert {"lines", "labels", "http"} <= {entry["key"] for entry in call["request"]["catalogue"]}


def test_the_newest_version_is_taken_that_is_not_older_than_asked() -> None:
    pacts = []
    for asked in (None, "", "1.10.0", "1.2.0", "1.3", "0.1.0"):
        pacts.append(Pact("consumer", "provider").using_plugin("labels", asked))
        assert versions(pacts[-1]) == [("labels", "1.10.0")], asked


def test_however_often_and_in_which_words_a_plugin_is_used_it_runs_once(plugins: PluginFolder) -> None:
    pacts = [Pact("consumer", f"provider {number}") for number in range(3)]
    for pact in pacts:
        for asked in ("1.2.0", None, "1.5.0", "1.10.0"):
            pact.using_plugin("labels", asked)
        versions(pact)
    assert len(plugins.calls("InitPlugin")) == 1


def test_a_version_that_is_not_there_is_named_with_those_that_are(plugins: PluginFolder) -> None:
    with pytest.raises(
        PluginError, match=r"plugin 'labels' 2\.0\.0 is not installed in .*installed versions: 1\.2\.0, 1\.10\.0"
    ):
        Pact("consumer", "provider").using_plugin("labels", "2.0.0")
    assert not plugins.calls()


def test_a_missing_plugin_is_named_at_once(plugins: PluginFolder) -> None:
    started = time.monotonic()
    with pytest.raises(
        PluginError, match="plugin 'protobuf' is not installed in .*PACT_PLUGIN_DIR.*installed versions: none"
    ):
        Pact("consumer", "provider").using_plugin("protobuf")
    assert time.monotonic() - started < 0.5


def test_a_folder_that_is_not_there_has_no_plugins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PACT_PLUGIN_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(PluginError, match="nowhere"):
        Pact("consumer", "provider").using_plugin("labels")


@pytest.mark.parametrize("version", ["newest", "^1.2", "1.2.x", "1.2.0.0"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(PluginError, match=r"invalid plugin version .*; it must look like 1\.2\.0"):
        Pact("consumer", "provider").using_plugin("labels", version)


@pytest.mark.parametrize(
    ("older", "newer"), [("1.9.0", "1.10.0"), ("1.0.0-rc.2", "1.0.0-rc.10"), ("1.0.0-rc", "1.0.0")]
)
def test_versions_are_ordered_as_semantic_versions(
    older: str, newer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = PluginFolder(tmp_path)
    monkeypatch.setenv("PACT_PLUGIN_DIR", str(tmp_path))
    name = f"ordered-{older}"  # the core remembers the plugins that it has started
    for version in (older, newer):
        folder.install(name, version)
    pact = Pact("consumer", "provider").using_plugin(name, older)
    assert versions(pact) == [(name, newer)]
    assert folder.calls("InitPlugin") and len(folder.running()) == 1


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys; sys.exit(3)", "did not output the correct startup message"),
        ("print('{nonsense', flush=True); import time; time.sleep(30)", "startup info"),
        ('print(\'{"port": 9, "serverKey": ""}\', flush=True); import time; time.sleep(30)', "init request"),
    ],
)
def test_a_plugin_that_does_not_start_is_said_at_once(
    program: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACT_PLUGIN_DIR", str(tmp_path))
    name = f"broken {reason}"  # the core remembers where a plugin was
    PluginFolder(tmp_path).install(name, "1.0.0", program)
    started = time.monotonic()
    with pytest.raises(PluginError, match=rf"plugin '{name}' 1\.0\.0: .*{reason}"):
        Pact("consumer", "provider").using_plugin(name)
    assert time.monotonic() - started < 3


def test_an_entry_point_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACT_PLUGIN_DIR", str(tmp_path))
    PluginFolder(tmp_path).install("pointless", "1.0.0", entryPoint="no-such-program")
    with pytest.raises(PluginError, match=r"plugin 'pointless' 1\.0\.0: .*no-such-program"):
        Pact("consumer", "provider").using_plugin("pointless")


def test_a_broken_manifest_is_named_even_if_it_is_of_another_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACT_PLUGIN_DIR", str(tmp_path))
    folder = PluginFolder(tmp_path)
    folder.install("good", "1.0.0")
    (folder.install("odd", "1.0.0") / "pact-plugin.json").write_text("{")
    with pytest.raises(PluginError, match=r"odd-1\.0\.0 cannot be read"):
        Pact("consumer", "provider").using_plugin("good")


@pytest.mark.parametrize("arguments", [("a\0b",), (5,), (None,), ("labels", 3), ("labels", None, -1)])
def test_what_cannot_be_asked_for_is_refused(arguments: Any) -> None:
    with pytest.raises(InvalidInputError):
        Pact("consumer", "provider").using_plugin(*arguments)


def test_the_delay_is_waited_for_and_is_none_by_default() -> None:
    first = Pact("consumer", "provider").using_plugin("labels")
    waits = []
    for delay in (500, None):
        started = time.monotonic()
        Pact(first.consumer, first.provider).using_plugin("labels", delay=delay)
        waits.append(time.monotonic() - started)
    assert waits[0] >= 0.5 > waits[1]


def test_specifications_before_v4_have_no_plugins(plugins: PluginFolder) -> None:
    with pytest.raises(SpecificationError, match="plugin 'labels' needs specification V4, but this pact is V3"):
        Pact("consumer", "provider").with_specification("V3").using_plugin("labels")
    assert not plugins.calls()


def test_an_older_specification_chosen_later_is_refused_when_it_is_written(tmp_path: Path) -> None:
    pact = Pact("consumer", "provider").using_plugin("labels").with_specification("V3")
    pact.upon_receiving("anything").with_request("GET", "/").will_respond_with(204)
    with pytest.raises(SpecificationError, match="plugin 'labels' needs specification V4"):
        pact.write_file(tmp_path)
    with pytest.raises(SpecificationError, match="plugin 'labels' needs specification V4"):
        pact.serve().start()


def test_a_plugin_that_is_used_but_fills_nothing_is_in_the_file() -> None:
    assert versions(Pact("consumer", "provider").using_plugin("labels")) == [("labels", "1.10.0")]


def test_a_plugin_may_be_named_after_the_interaction_that_needs_it() -> None:
    pact = Pact("consumer", "provider")
    pact.upon_receiving("labels").with_request("POST", "/").with_plugin_contents({"name": "Ada"}, LABELS)
    assert versions(pact.using_plugin("labels")) == [("labels", "1.10.0")]
