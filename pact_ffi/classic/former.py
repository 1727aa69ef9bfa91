"""Names of pact-python 2 to 4 that are not here, each with what to write instead; and one helper that examples copy."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

_NO_RUBY = "there is no Ruby engine to start; remove this name"
_VERIFY = "use pact.Verifier(...).verify_pacts(...) or the command pact-verifier"
_LOGGING = "use logging.getLogger('pact'), or pact_ffi.log_to_stderr('DEBUG')"
_MATCHER = "use the functions of pact.match, or pact.match.matcher.Matcher(name, example)"
_INNER = "it was internal to pact-python; remove this name"
_C_INTERFACE = (
    "the C functions and handles that pact-python-ffi has are not public here; use pact.Pact and pact.Verifier"
)
_PACKAGES = ("pact", "pact_ffi", "pact.match", "pact.generate", "pact.Pact", "pact.Verifier")
_INSTEAD = {
    "pact.__version_tuple__": "use pact.__version__",
    "pact.__version__.": "use pact.__version__",
    "pact._util.": _INNER,
    "pact.broker.BROKER_CLIENT_PATH": _NO_RUBY,
    "pact.cli": _VERIFY,
    "pact.constants": _NO_RUBY,
    "pact.generate.GenericGenerator": "use the functions of pact.generate",
    "pact.generate.generator.GenericGenerator": "use the functions of pact.generate",
    "pact.generate.strftime_to_simple_date_format": _INNER,
    "pact.http_proxy": "MessageProvider needs no proxy; remove this import",
    "pact.logging": _LOGGING,
    "pact.match.ArrayContainsMatcher": "use pact.match.array_containing(...)",
    "pact.match.EachKeyMatcher": "use pact.match.each_key_matches(...)",
    "pact.match.EachValueMatcher": "use pact.match.each_value_matches(...)",
    "pact.match.GenericMatcher": _MATCHER,
    "pact.match.matcher.AndMatcher": _MATCHER,
    "pact.match.matcher.ArrayContainsMatcher": "use pact.match.array_containing(...)",
    "pact.match.matcher.EachKeyMatcher": "use pact.match.each_key_matches(...)",
    "pact.match.matcher.EachValueMatcher": "use pact.match.each_value_matches(...)",
    "pact.match.matcher.GenericMatcher": _MATCHER,
    "pact.match.strftime_to_simple_date_format": _INNER,
    "pact.match.matcher.Generator": "use pact.generate.generator.Generator",
    "pact.message_pact.MESSAGE_PATH": _NO_RUBY,
    "pact.message_provider.run_proxy": "MessageProvider needs no proxy; remove this name",
    "pact.pact.FromTerms": _INNER,
    "pact.pact.MOCK_SERVICE_PATH": _NO_RUBY,
    "pact.pact.Request": "use Pact.with_request(...)",
    "pact.pact.Response": "use Pact.will_respond_with(...)",
    "pact.pact.ensure_initialised": _INNER,
    "pact.plugins": _LOGGING,
    "pact.Verifier.extract_params": _INNER,
    "pact.Verifier.filter_empty_options": _INNER,
    "pact.Verifier.is_empty_list": _INNER,
    "pact.Verifier.logs_for_provider": "use the attribute `logs` of a Verifier",
    "pact.Verifier.set_info": "use Verifier('name').add_transport(url='http://...')",
    "pact.Verifier.set_state": "use Verifier.state_handler('http://.../states', body=True)",
    "pact.Verifier.validate_publish": _INNER,
    "pact.testing.pytest.": "the pytest plugin is loaded by itself; remove this name",
    "pact.v3.ffi.": _C_INTERFACE,
    "pact.verifier.MessageProducer": "use Verifier.message_handler(...)",
    "pact.verifier.StateCallback": "use Verifier.state_handler(...)",
    "pact.verifier.VerifyWrapper": _VERIFY,
    "pact.verifier.apply_args": _INNER,
    "pact.verifier.ensure_initialised": _INNER,
    "pact.verifier.expand_directories": _INNER,
    "pact.verifier.path_exists": _INNER,
    "pact.verifier.strip_url_credentials": _INNER,
    "pact.verify_wrapper.": _VERIFY,
    "pact_ffi.": _C_INTERFACE,
    "pact_ffi.__version_tuple__": "use pact_ffi.__version__",
}


def advice(name: str) -> str | None:
    """Return what to write instead of ``name``, a module or a name in one; an entry ending in "." is for all in it."""
    name = name if name.startswith("pact.v3.ffi.") else name.replace("pact.v2.", "pact.").replace("pact.v3.", "pact.")
    parts = name.split(".")
    above = [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
    known = (_INSTEAD.get(name), *(_INSTEAD.get(each, _INSTEAD.get(f"{each}.")) for each in above[1:]))
    return next(filter(None, known), None)


def missing(module: str, name: str) -> AttributeError | ImportError:
    """Return the error for a ``name`` that ``module`` does not have; for use in ``__getattr__``."""
    full = f"{module}.{name}"
    said = advice(full) if full in _INSTEAD or not name.startswith("_") else None
    text = f"{module!r} has no attribute {name!r}"
    if said is None:
        return AttributeError(text)
    text = f"{text}; {said}"
    # `from package import name` asks first, and drops an AttributeError with its text
    if module not in _PACKAGES or sys._getframe(2).f_code.co_name == "_handle_fromlist":
        return ImportError(text, name=module)
    return AttributeError(text)


def missing_in(module: str) -> Callable[[str], Any]:
    """Return ``__getattr__`` for ``module``."""

    def attribute(name: str) -> Any:
        raise missing(module, name)

    return attribute


class _Modules:
    """Says of a module that is not here what to use instead."""

    def find_spec(self, fullname: str, path: object = None, target: object = None, /) -> None:
        """Find nothing; raises ``ModuleNotFoundError`` for a module that is known to be elsewhere."""
        if fullname.startswith("pact.") and (said := advice(fullname) or _INSTEAD.get(f"{fullname}.")):
            raise ModuleNotFoundError(f"no module named {fullname!r}; {said}", name=fullname)


def tell_missing_modules() -> None:
    """Answer imports of modules that pact-python has and this package has not."""
    if not any(isinstance(finder, _Modules) for finder in sys.meta_path):
        sys.meta_path.append(_Modules())


def find_free_port() -> int:
    """Return a TCP port on which nothing listens now; another process may take it before you do."""
    import socket  # few ask

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
