"""Builds that bring the core library and generate the cffi module; everything else is in pyproject.toml.

The package index shows README.md; there its links need the repository's address, which pyproject.toml has.

``PACT_FFI_PLATFORM`` (a name in vendor/lock.json, for example ``win_amd64``) builds a wheel for another machine.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import sys
import tarfile
from pathlib import Path
from typing import Any

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(ROOT / "vendor")]

import fetch  # noqa: E402

import build_ffi  # noqa: E402


def description() -> str:
    """Return README.md with links that lead into the repository from anywhere."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    source = re.findall(r'^Source = "(.+)"$', project, re.M)[0]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = re.sub(r"(!\[[^]]*\]\()(?!https?:)", rf"\g<1>{source}/raw/main/", text)
    return re.sub(r"(\]\()(?!https?:)", rf"\g<1>{source}/blob/main/", text)


def target_platform() -> str:
    """Return the platform to build for."""
    return os.environ.get("PACT_FFI_PLATFORM") or fetch.this_platform()


class BuildWithCore(build_py):
    """Put the library and the generated module beside the code: in the build folder, or in the source for ``-e``."""

    def run(self) -> None:
        if not self.editable_mode:
            shutil.rmtree(self.build_lib, ignore_errors=True)  # no leftovers of another platform or version
        super().run()
        core = ROOT / "pact_ffi" / "core" if self.editable_mode else Path(self.build_lib) / "pact_ffi" / "core"
        build_ffi.build(core / "_cffi.py")
        platform = target_platform()
        entry = fetch.read_lock()["platforms"].get(platform)
        try:
            if entry and not self.editable_mode and fetch.in_place(entry, fetch.LIBRARY_FOLDER):
                for item in entry["files"]:
                    fetch.install((fetch.LIBRARY_FOLDER / item["to"]).read_bytes(), core / "lib" / item["to"])
            else:
                fetch.fetch(platform, core / "lib")
        except fetch.FetchError as error:
            sys.exit(f"pact-ffi: {error}")


class PlatformWheel(bdist_wheel):
    """One wheel for every Python 3 on one platform: ABI mode compiles nothing against Python."""

    def get_tag(self) -> tuple[str, str, str]:
        return "py3", "none", target_platform()


class ReproducibleSource(sdist):
    """With ``SOURCE_DATE_EPOCH`` the same files give the same bytes, whoever packs them, where and when."""

    def make_archive(self, base_name: str, format: str, **options: Any) -> str:
        if "SOURCE_DATE_EPOCH" not in os.environ or format != "gztar":
            return str(super().make_archive(base_name, format, **options))
        stamp, target = int(os.environ["SOURCE_DATE_EPOCH"]), f"{base_name}.tar.gz"

        def normal(entry: tarfile.TarInfo) -> tarfile.TarInfo:
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            entry.mtime, entry.mode = stamp, 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
            return entry

        with (
            open(target, "wb") as raw,
            gzip.GzipFile("", "wb", fileobj=raw, mtime=stamp) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            for path in sorted(Path(options["base_dir"]).rglob("*")):
                archive.add(path, recursive=False, filter=normal)
        return target


class PlatformDistribution(Distribution):
    """Tells setuptools that the files belong to one platform."""

    def has_ext_modules(self) -> bool:
        return True


setup(
    distclass=PlatformDistribution,
    long_description=description(),
    long_description_content_type="text/markdown",
    cmdclass={"build_py": BuildWithCore, "bdist_wheel": PlatformWheel, "sdist": ReproducibleSource},
)
