import os
import shutil
import struct
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest
from platforms import needs_fork

from pact_ffi.core import library, loading
from pact_ffi.core.binary import machine_of, needed_machine
from pact_ffi.errors import CoreError, UnsupportedCoreError, UsageError

sys.path.insert(0, str(Path(__file__).parent))
from process import SERVE, output, run  # noqa: E402

LOAD = "import pact_ffi.core.library as l; print(l.version(), l.origin(), l.path())"


def refusal(chosen: Path) -> str:
    result = run(
        """
        try:
            import pact_ffi.core.library
        except ImportError as error:
            assert type(error).__name__ == "UnsupportedCoreError", error
            print(error)
        """,
        PACT_FFI_LIBRARY=str(chosen),
    )
    assert result.returncode == 0, result.stderr
    assert str(chosen) in result.stdout and "0.5.12" in result.stdout
    return result.stdout


def test_the_facts_about_the_core_are_known() -> None:
    assert library.version() in library.SUPPORTED
    assert library.path().is_file()
    assert library.origin() in ("vendored", "PACT_FFI_LIBRARY")
    assert machine_of(library.path()) == needed_machine()


def test_a_library_of_ones_own_is_used(tmp_path: Path) -> None:
    own = tmp_path / "own.so"
    shutil.copyfile(library.path(), own)
    assert output(LOAD, PACT_FFI_LIBRARY=str(own)).endswith(f"PACT_FFI_LIBRARY {own}")


def test_a_relative_path_and_an_empty_variable_are_understood(tmp_path: Path) -> None:
    assert "vendored" in output(LOAD, PACT_FFI_LIBRARY="")
    relative = os.path.relpath(library.path())
    assert output(LOAD, PACT_FFI_LIBRARY=relative).endswith(str(library.path()))


def test_a_missing_library_is_refused(tmp_path: Path) -> None:
    assert "does not exist (PACT_FFI_LIBRARY names it" in refusal(tmp_path / "nothing.so")


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path)


def test_a_file_that_is_no_library_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.so"
    text.write_text("no library")
    assert "is not a shared library" in refusal(text)


def test_a_library_for_another_machine_is_refused(tmp_path: Path) -> None:
    head = bytearray(library.path().read_bytes()[:4096])
    struct.pack_into("<H", head, 18, 0xF3)
    other = tmp_path / "other.so"
    other.write_bytes(head)
    assert f"built for Linux riscv64, but this Python needs {needed_machine()}" in refusal(other)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01" + bytes(56), "macOS aarch64"),
        (b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0\x64\x86" + bytes(8), "Windows x86_64"),
        (b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0\x64\xaa" + bytes(8), "Windows aarch64"),
        (
            b"\xca\xfe\xba\xbe\0\0\0\2\x01\0\0\x07" + bytes(16) + b"\x01\0\0\x0c" + bytes(16),
            "macOS x86_64 + macOS aarch64",
        ),
        (b"", None),
        (b"MZ", None),
    ],
)
def test_the_machine_is_read_from_the_file(tmp_path: Path, head: bytes, expected: str | None) -> None:
    file = tmp_path / "library"
    file.write_bytes(head)
    assert machine_of(file) == expected


def test_a_truncated_library_is_refused(tmp_path: Path) -> None:
    half = tmp_path / "half.so"
    half.write_bytes(library.path().read_bytes()[:100_000])
    assert "is cut off" in refusal(half)


def test_a_library_inside_of_an_archive_or_missing_from_a_frozen_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PACT_FFI_LIBRARY", raising=False)
    archive = tmp_path / "app.pyz"
    archive.write_bytes(b"PK")
    inside = archive / "pact_ffi" / "core" / "lib" / "libpact_ffi.so"
    with pytest.raises(UnsupportedCoreError, match="no library can be loaded from inside of app.pyz: install pact-ffi"):
        loading.open_library(inside, inside)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    missing = tmp_path / "libpact_ffi.so"
    with pytest.raises(UnsupportedCoreError, match="the frozen program lacks it: .*--collect-all pact_ffi"):
        loading.open_library(missing, missing)


def another_library() -> Path:
    """A shared library that is not ours: an extension module, or on PyPy, which has few, the C library."""
    files = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
    loaded = [file for file in files if file.endswith(tuple(EXTENSION_SUFFIXES))]
    if not loaded:
        words = Path("/proc/self/maps").read_text(encoding="utf-8").split()
        loaded = [word for word in words if Path(word).name.startswith(("libc.so", "ld-musl"))]
    return Path(loaded[0])


def test_a_library_that_is_not_a_pact_core_is_refused() -> None:
    assert "not a Pact core" in refusal(another_library())


def test_another_version_is_refused_with_the_version_found(tmp_path: Path) -> None:
    """The core's version is a text in its file; the same length keeps the file sound."""
    other = tmp_path / "other.so"
    content = library.path().read_bytes()
    at = content.index(library.version().encode() + b"\0")
    other.write_bytes(content[:at] + b"9.9.99"[: len(library.version())] + content[at + len(library.version()) :])
    assert "has version 9.9.9" in refusal(other)


def test_an_unsupported_core_says_where_and_which() -> None:
    error = UnsupportedCoreError("no", path="/x", found="0.4.0")
    assert isinstance(error, ImportError) and (error.path, error.found) == ("/x", "0.4.0")


def test_a_function_that_the_core_lacks_is_refused_by_name() -> None:
    with pytest.raises(CoreError, match="pactffi_from_the_future is not available"):
        library.lib.pactffi_from_the_future  # noqa: B018
    assert not library.has("pactffi_from_the_future")
    assert library.has("pactffi_new_pact")


def test_a_name_that_is_no_function_of_the_core_is_an_ordinary_attribute_error() -> None:
    assert not hasattr(library.lib, "anything")


@pytest.mark.parametrize(
    ("set_to", "opted", "expected"),
    [
        (None, None, "true"),
        ("1", None, "true"),
        ("yes", "on", "true"),
        ("true", "on", "true"),
        ("false", None, "true"),
        (None, "on", None),
        ("false", "on", None),
        (None, "off", "true"),
    ],
)
def test_statistics_are_only_sent_on_request(set_to: str | None, opted: str | None, expected: str | None) -> None:
    code = "import os, pact_ffi.core.library; print(os.environ.get('PACT_DO_NOT_TRACK'))"
    assert output(code, PACT_DO_NOT_TRACK=set_to, PACT_FFI_TELEMETRY=opted) == str(expected)


@needs_fork
def test_a_forked_child_serves_while_its_parents_servers_go_on() -> None:
    said = output(
        SERVE
        + """
import os
port = serve()
for _ in range(3):
    child = os.fork()
    if child == 0:
        own = serve(201)
        grandchild = os.fork()
        if grandchild == 0:
            os._exit(0 if get(serve(202)) == 202 else 1)
        good = os.waitpid(grandchild, 0)[1] == 0 and get(own) == 201
        os._exit(0 if good else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert get(port) == 200 and get(serve()) == 200
print("all answered")
"""
    )
    assert said == "all answered"


@needs_fork
def test_a_pool_of_forked_workers_works() -> None:
    said = output(
        SERVE
        + """
import multiprocessing
def work(number):
    return get(serve(200 + number))
port = serve()
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(pool.map(work, range(6)), get(port))
print(get(port))
"""
    )
    assert said == "[200, 201, 202, 203, 204, 205] 200\n200"


@needs_fork
def test_a_child_works_that_was_forked_while_a_thread_was_inside_the_core() -> None:
    said = output(
        SERVE
        + """
import os, threading, warnings
warnings.simplefilter("ignore")
going = True
def busy():
    while going:
        lib.pactffi_free_pact_handle(lib.pactffi_new_pact(b"a", b"b"))
threads = [threading.Thread(target=busy) for _ in range(3)]
[thread.start() for thread in threads]
for _ in range(10):
    child = os.fork()
    if child == 0:
        os._exit(0 if get(serve()) == 200 else 1)
    assert os.waitpid(child, 0)[1] == 0
going = False
print("done")
"""
    )
    assert said == "done"


@needs_fork
def test_a_port_is_free_for_the_parent_while_a_child_lives() -> None:
    said = output(
        SERVE
        + """
import os, socket
port = serve()
reader, writer = os.pipe()
started, start = os.pipe()
child = os.fork()
if child == 0:
    os.close(writer)
    os.write(start, b"x")
    os.read(reader, 1)
    os._exit(0)
os.read(started, 1)
assert lib.pactffi_cleanup_mock_server(port)
again = lib.pactffi_create_mock_server_for_transport(
    lib.pactffi_new_pact(b"a", b"b"), b"127.0.0.1", port, b"http", ffi.NULL)
os.close(writer)
os.waitpid(child, 0)
print(again == port)
"""
    )
    assert said == "True"


@needs_fork
@pytest.mark.parametrize("seconds", ["None", "2.5"])
def test_a_child_leaves_the_flags_of_shared_sockets_alone(seconds: str) -> None:
    """A default timeout would make every socket that a child looks at non-blocking, for its parent, too."""
    said = output(
        SERVE
        + f"""
import fcntl, os, socket
port = serve()
ours, theirs = socket.socketpair()
listener = socket.create_server(("127.0.0.1", 0))
kept = (ours, theirs, listener)
before = [fcntl.fcntl(each, fcntl.F_GETFL) for each in kept]
socket.setdefaulttimeout({seconds})
child = os.fork()
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
assert [fcntl.fcntl(each, fcntl.F_GETFL) for each in kept] == before
theirs.send(b"x")
print(get(port), ours.recv(1), listener.fileno() > 0)
"""
    )
    assert said == "200 b'x' True"


@pytest.mark.skipif(sys.platform != "linux", reason="memory files are Linux's")
@pytest.mark.parametrize("place", ["/nowhere", "/proc"])
def test_a_child_needs_no_folder_that_it_may_write_to(place: str) -> None:
    said = output(
        SERVE + "import os\nserve()\nchild = os.fork()\nif child == 0:\n    os._exit(get(serve()) != 200)\n"
        "print(os.waitpid(child, 0)[1])",
        TMPDIR=place,
    )
    assert said == "0"


def test_every_way_to_a_copy_works(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("_in_memory", "_in_temporary_folder", "_beside"):
        with getattr(loading, place)(library.path()) as copy:
            assert copy.read_bytes() == library.path().read_bytes()
    monkeypatch.setattr(loading, "open_library", lambda *_: (_ for _ in ()).throw(OSError("noexec")))
    with pytest.raises(CoreError, match="noexec; noexec; noexec"):
        loading.open_copy(library.path())


@pytest.mark.parametrize(
    ("platform", "machine"),
    [("win-amd64", "x86_64"), ("win-arm64", "aarch64"), ("win32", "x86"), ("mingw_x86_64", "unknown")],
)
def test_the_machine_on_windows_is_the_processs_own(
    monkeypatch: pytest.MonkeyPatch, platform: str, machine: str
) -> None:
    """An x64 Python runs on Windows for ARM, where `platform.machine()` says ARM64; it needs the x64 library."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "uname", raising=False)
    monkeypatch.setattr("sysconfig.get_platform", lambda: platform)
    assert needed_machine() == f"Windows {machine}"


@needs_fork
def test_nothing_is_left_of_the_childs_copy(tmp_path: Path) -> None:
    said = output(
        SERVE + "import os\nserve()\nchild = os.fork()\nif child == 0:\n    os._exit(get(serve()) != 200)\n"
        "print(os.waitpid(child, 0)[1])",
        TMPDIR=str(tmp_path),
    )
    assert said == "0"
    assert list(tmp_path.iterdir()) == []


@needs_fork
def test_what_the_parent_made_is_neither_used_nor_released_by_a_child() -> None:
    said = output(
        """
import os
from pact_ffi.core.library import check_generation, generation, lib, release
from pact_ffi.errors import UsageError
made = generation()
child = os.fork()
if child == 0:
    release(made, "pactffi_string_delete", "no pointer: a call would fail")
    try:
        check_generation(made, "the pact")
    except UsageError as error:
        os._exit(0 if "parent process" in str(error) else 1)
    os._exit(2)
print(os.waitpid(child, 0)[1])
"""
    )
    assert said == "0"


def test_releases_wait_while_the_core_is_calling_back() -> None:
    released: list[int] = []
    library.lib.__dict__["pactffi_fake"] = released.append
    try:
        library.enter_callback(True)
        library.release(library.generation(), "pactffi_fake", 1)
        assert released == []
        library.enter_callback(False)
        library.release(library.generation(), "pactffi_fake", 2)
        assert released == [1, 2]
    finally:
        library.enter_callback(False)
        del library.lib.__dict__["pactffi_fake"]


def test_a_handle_of_this_generation_passes() -> None:
    library.check_generation(library.generation(), "the pact")
    with pytest.raises(UsageError, match="the pact belongs to the parent process"):
        library.check_generation(library.generation() - 1, "the pact")
