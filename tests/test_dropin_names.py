"""Every import path that code written for pact-python 2, 3 and 4 uses."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import pact
import pact_ffi

CLASSIC = {
    "Consumer",
    "Provider",
    "Pact",
    "Like",
    "SomethingLike",
    "EachLike",
    "Term",
    "Format",
    "Verifier",
    "MessageConsumer",
    "MessagePact",
    "MessageProvider",
}
ERRORS = {
    "PactError",
    "MismatchesError",
    "InteractionVerificationError",
    "PactVerificationError",
    "Mismatch",
    "MissingRequest",
    "RequestNotFound",
    "RequestMismatch",
    "MethodMismatch",
    "PathMismatch",
    "StatusMismatch",
    "QueryMismatch",
    "HeaderMismatch",
    "MetadataMismatch",
    "BodyTypeMismatch",
    "BodyMismatch",
    "GenericMismatch",
}
MATCHERS = set(
    "int integer number decimal float str string bool boolean regex uuid date time datetime timestamp like type"
    " each_like includes array_containing null none content_type each_key_matches each_value_matches".split()
)
GENERATORS = set("int decimal hex str regex date time datetime uuid bool provider_state mock_server_url".split())
INTERACTIONS = {"Interaction", "HttpInteraction", "AsyncMessageInteraction", "SyncMessageInteraction"}
PACT = {
    "Pact",
    "PactServer",
    "HttpInteraction",
    "AsyncMessageInteraction",
    "SyncMessageInteraction",
    "MismatchesError",
    "InteractionVerificationError",
}
PATHS: dict[str, set[str]] = {
    "pact": {"Pact", "Verifier", "match", "generate", "xml", "__version__"} | CLASSIC,
    "pact.pact": PACT,
    "pact.verifier": {"Verifier"},
    "pact.interaction": INTERACTIONS,
    "pact.error": ERRORS,
    "pact.types": {"Message"},
    "pact.match": MATCHERS,
    "pact.match.matcher": {"AbstractMatcher", "IntegrationJSONEncoder"},
    "pact.generate": GENERATORS,
    "pact.xml": {"XmlElement", "body", "element"},
    "pact.consumer": {"Consumer"},
    "pact.provider": {"Provider"},
    "pact.matchers": {"Like", "SomethingLike", "EachLike", "Term", "Format", "from_term", "get_generated_values"},
    "pact.message_consumer": {"MessageConsumer"},
    "pact.message_pact": {"MessagePact"},
    "pact.message_provider": {"MessageProvider"},
    "pact.v2": CLASSIC,
    "pact.v2.pact": {"Pact"},
    "pact.v2.consumer": {"Consumer"},
    "pact.v2.provider": {"Provider"},
    "pact.v2.matchers": {"Like", "SomethingLike", "EachLike", "Term", "Format", "from_term", "get_generated_values"},
    "pact.v2.message_consumer": {"MessageConsumer"},
    "pact.v2.message_pact": {"MessagePact"},
    "pact.v2.message_provider": {"MessageProvider"},
    "pact.v2.verifier": {"Verifier"},
    "pact.v3": {"Pact", "Verifier", "match", "generate", "xml"},
    "pact.v3.pact": PACT,
    "pact.v3.error": ERRORS,
    "pact.v3.interaction": INTERACTIONS,
    "pact.v3.match": MATCHERS,
    "pact.v3.match.matcher": {"AbstractMatcher", "IntegrationJSONEncoder"},
    "pact.v3.generate": GENERATORS,
    "pact.v3.types": {"Message"},
    "pact.v3.verifier": {"Verifier"},
    "pact.v3.xml": {"XmlElement", "body", "element"},
    "pact.v3.ffi": {"log_to_stderr"},
    "pact_ffi": {"PactSpecification", "log_to_stderr", "log_to_stdout", "log_to_file", "log_to_buffer", "__version__"},
}


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module, names in PATHS.items() for name in sorted(names)]
)
def test_the_name_can_be_imported(module: str, name: str) -> None:
    assert getattr(importlib.import_module(module), name) is not None


@pytest.mark.parametrize("module", sorted(PATHS))
def test_from_module_import_star(module: str) -> None:
    names: dict[str, object] = {}
    exec(f"from {module} import *", names)
    assert {name for name in PATHS[module] if not name.startswith("__")} <= set(names)


@pytest.mark.parametrize("package", [pact, pact_ffi])
def test_every_module_can_be_imported(package) -> None:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)


@pytest.mark.parametrize("package", [pact, pact_ffi])
def test_dir_lists_what_can_be_had(package) -> None:
    assert set(package.__all__) <= set(dir(package))
    for name in package.__all__:
        assert getattr(package, name) is not None


def test_unknown_names_are_attribute_errors() -> None:
    for module in (pact, pact_ffi):
        with pytest.raises(AttributeError, match="nothing"):
            module.nothing


def test_the_same_objects_under_all_names() -> None:
    from pact import v2, v3
    from pact.v3 import ffi

    assert pact.Pact is pact.pact.Pact is v3.Pact
    assert pact.Consumer is v2.Consumer
    assert pact.match.like is v3.match.like
    assert pact.Like is pact.SomethingLike is v2.Like
    assert pact.error.PactError is v3.error.PactError
    assert ffi.log_to_stderr is pact_ffi.log_to_stderr


def test_pact_is_modern_or_classic_by_its_arguments() -> None:
    modern = pact.Pact("consumer", "provider")
    classic = pact.Pact(pact.Consumer("consumer"), pact.Provider("provider"))
    assert hasattr(modern, "serve")
    assert hasattr(classic, "start_service")
    assert isinstance(classic, pact.v2.pact.Pact)
    assert classic.consumer.name == "consumer"


def test_verifier_is_modern_or_classic_by_its_arguments() -> None:
    modern = pact.Verifier("provider")
    assert str(modern) == "Verifier(provider)"
    assert hasattr(modern, "add_source")
    for classic in (
        pact.Verifier(provider="p", provider_base_url="http://localhost:1"),
        pact.Verifier("p", "http://localhost:1"),
        pact.Verifier("p", provider_base_url="http://localhost:1"),
    ):
        assert hasattr(classic, "verify_pacts")


def test_versions_are_the_same() -> None:
    assert pact.__version__ == pact_ffi.__version__


def test_importing_does_not_load_the_core() -> None:
    code = "import pact, sys; from pact import Pact, Consumer, Like, match; print('_cffi_backend' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stderr == ""
