"""Every import path that code written for pact-python 2, 3 and 4 uses."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import pact.v2
import pact.v3.error
import pact.v3.ffi
import pact_ffi
from pact_ffi.classic import former

CLASSIC = {
    "Broker",
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
MATCHER_CLASSES = {"Like", "SomethingLike", "EachLike", "Term", "Format", "from_term", "get_generated_values"}
LOG_FUNCTIONS = {"log_to_stderr", "log_to_stdout", "log_to_file", "log_to_buffer"}
TYPES = {"Message", "MessageProducerArgs", "StateHandlerArgs", "UNSET", "URL", "Unset"}
PATHS: dict[str, set[str]] = {
    "pact": {"Pact", "Verifier", "match", "generate", "xml", "__version__"} | CLASSIC,
    "pact.pact": PACT | {"URL", "from_term", "PactException", "PactVerificationError", "Mismatch"},
    "pact.verifier": {"Verifier", "BrokerSelectorBuilder"} | TYPES - {"URL"},
    "pact.broker": {"Broker"},
    "pact.v2.broker": {"Broker"},
    "pact.verify_wrapper": {"PactException"},
    "pact._util": {"find_free_port"},
    "pact.v3._util": {"find_free_port"},
    "pact.testing.unittest": {"PactTestMixin"},
    "pact.interaction": INTERACTIONS,
    "pact.error": ERRORS,
    "pact.types": TYPES,
    "pact.match": MATCHERS,
    "pact.match.matcher": {"AbstractMatcher", "IntegrationJSONEncoder", "MatchingRuleJSONEncoder", "Unset"},
    "pact.generate.generator": {"AbstractGenerator"},
    "pact.v3.generate.generator": {"Generator"},
    "pact.generate": GENERATORS,
    "pact.xml": {"XmlElement", "body", "element"},
    "pact.consumer": {"Consumer", "Pact", "Provider"},
    "pact.provider": {"Provider"},
    "pact.matchers": {
        "Matcher",
        "Like",
        "SomethingLike",
        "EachLike",
        "Term",
        "Format",
        "from_term",
        "get_generated_values",
    },
    "pact.message_consumer": {"MessageConsumer", "MessagePact", "Provider"},
    "pact.message_pact": {"MessagePact", "from_term"},
    "pact.message_provider": {"MessageProvider", "Verifier"},
    "pact.v2": CLASSIC,
    "pact.v2.pact": {"Pact"},
    "pact.v2.consumer": {"Consumer"},
    "pact.v2.provider": {"Provider"},
    "pact.v2.matchers": MATCHER_CLASSES | {"Matcher"},
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
    "pact.v3.types": TYPES,
    "pact.v3.verifier": {"Verifier"},
    "pact.v3.xml": {"XmlElement", "body", "element"},
    "pact.v3.ffi": {"log_to_stderr", "LevelFilter", "PactSpecification", "version"},
    "pact_ffi": LOG_FUNCTIONS | {"PactSpecification", "LevelFilter", "version", "__version__"},
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
    for module in (pact, pact_ffi, pact.match, pact.generate, pact.verifier, pact.Pact, pact.Verifier):
        with pytest.raises(AttributeError, match="nothing"):
            module.nothing
    with pytest.raises(AttributeError, match="nothing"):
        pact.Pact("c", "p").nothing
    with pytest.raises(ImportError, match="nothing"):
        exec("from pact import nothing")


@pytest.mark.parametrize("name", former._INSTEAD)
def test_a_name_that_is_not_here_says_what_to_write_instead(name: str) -> None:
    sentence = former._INSTEAD[name]
    if name.endswith("."):
        name += "AnyName"
    module, _, last = name.rpartition(".")
    if module in ("pact.Verifier", "pact.Pact"):
        with pytest.raises(AttributeError) as caught:
            getattr(getattr(pact, module.removeprefix("pact.")), last)
    else:
        with pytest.raises(ImportError) as caught:
            exec(f"from {module} import {last}")
    assert str(caught.value).endswith(sentence)


@pytest.mark.parametrize("package", [pact, pact_ffi, pact.match, pact.generate])
def test_asking_a_package_whether_it_has_a_name_raises_nothing(package) -> None:
    for name in (
        "PactHandle",
        "GenericGenerator",
        "GenericMatcher",
        "Matcher_",
        "__version_tuple__",
        "__path_",
        "setup",
    ):
        assert getattr(package, name, None) is None


@pytest.mark.parametrize(
    "module", ["pact.constants", "pact.http_proxy", "pact.cli.verify", "pact.logging", "pact.plugins"]
)
def test_a_module_that_is_not_here_says_what_to_write_instead(module: str) -> None:
    for name in {module, module.replace("pact.", "pact.v2.")}:
        with pytest.raises(ModuleNotFoundError, match=r"pact\.\S+; .*(use|remove)") as caught:
            importlib.import_module(name)
        assert caught.value.name in (name, name.rpartition(".")[0])
    with pytest.raises(ModuleNotFoundError, match="No module named 'pact.nothing'"):
        importlib.import_module("pact.nothing")


def test_the_page_about_names_is_true() -> None:
    page = (Path(__file__).parents[1] / "docs" / "drop-in-names.md").read_text(encoding="utf-8")
    _, _, refused, there = page.split("\n## ")
    for line in refused.splitlines():
        names, _, sentence = line.strip("| ").partition(" | ")
        for name in re.findall("`([^`]+)`", names) if sentence.startswith(("use", "there is", "remove")) else ():
            assert former.advice(re.sub(r".*\.Verifier\.", "pact.Verifier.", name)) == sentence, name
    rows = [line.strip("| ").split(" | ") for line in there.splitlines() if line.startswith("| `")]
    assert len(rows) > 30
    for module, names in rows:
        for name in re.findall("`([^`]+)`", names):
            assert getattr(importlib.import_module(module.strip("`")), name.partition(".")[0]) is not False, name


def test_the_same_objects_under_all_names() -> None:
    from pact import v2, v3
    from pact.v3 import ffi

    assert pact.Pact is pact.pact.Pact is v3.Pact
    assert pact.Consumer is v2.Consumer
    assert pact.match.like is v3.match.like
    assert pact.Like is pact.SomethingLike is v2.Like
    assert pact.error.PactError is v3.error.PactError
    assert ffi.log_to_stderr is pact_ffi.log_to_stderr


MODERN = {
    "Pact": [lambda kind: kind("consumer", "provider"), lambda kind: kind(consumer="c", provider="p")],
    "Verifier": [
        lambda kind: kind("provider"),
        lambda kind: kind("provider", "127.0.0.1"),
        lambda kind: kind(name="p"),
    ],
}
CLASSIC_CALLS = {
    "Pact": [
        lambda kind: kind(pact.Consumer("c"), pact.Provider("p")),
        lambda kind: kind(consumer=pact.Consumer("c"), provider=pact.Provider("p"), port=0),
    ],
    "Verifier": [
        lambda kind: kind(provider="p", provider_base_url="http://localhost:1"),
        lambda kind: kind("p", "http://localhost:1"),
        lambda kind: kind("p", provider_base_url="http://localhost:1"),
    ],
}
ONLY_MODERN, ONLY_CLASSIC = {"Pact": "serve", "Verifier": "add_source"}, {"Pact": "setup", "Verifier": "verify_pacts"}


class Mine:
    """What a subclass of either name adds."""

    def own(self) -> str:
        return f"own {type(self).__name__}"


def _subclass(name: str) -> type:
    parent = getattr(pact, name)

    class Child(Mine, parent):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)
            self.counted = len(args) + len(kwargs)

        def __str__(self) -> str:
            return f"child of {super().__str__()}"

    class Grandchild(Child):
        pass

    return Grandchild


@pytest.mark.parametrize("name", ["Pact", "Verifier"])
@pytest.mark.parametrize("subclass", [False, True])
def test_a_name_of_both_apis_is_modern_or_classic_by_its_arguments(name: str, subclass: bool) -> None:
    kind = _subclass(name) if subclass else getattr(pact, name)
    for calls, has, has_not in (
        (MODERN, ONLY_MODERN, ONLY_CLASSIC),
        (CLASSIC_CALLS, ONLY_CLASSIC, ONLY_MODERN),
    ):
        for call in calls[name]:
            made = call(kind)
            assert hasattr(made, has[name]) and not hasattr(made, has_not[name])
            assert hasattr(type(made), has[name]) and not hasattr(type(made), has_not[name])
            assert has[name] in dir(type(made)) and has_not[name] not in dir(type(made))
            assert isinstance(made, kind) and isinstance(made, getattr(pact, name))
            assert type(made).__name__ == kind.__name__
            if subclass:
                assert made.own() == "own Grandchild" and made.counted and str(made).startswith("child of ")
            again = call(type(made))
            assert hasattr(again, has[name])


@pytest.mark.parametrize("name", ["Pact", "Verifier"])
def test_what_either_api_makes_is_an_instance_of_the_name(name: str) -> None:
    kind = getattr(pact, name)
    modern = getattr(
        importlib.import_module(f"pact_ffi.{'consumer.pact' if name == 'Pact' else 'provider.verifier'}"), name
    )
    classic = getattr(pact.v2, name)
    assert isinstance(MODERN[name][0](modern), kind) and isinstance(CLASSIC_CALLS[name][0](classic), kind)
    assert issubclass(modern, kind) and issubclass(classic, kind)
    assert not isinstance(MODERN[name][0](modern), _subclass(name))
    assert not issubclass(dict, kind)
    assert {ONLY_MODERN[name], ONLY_CLASSIC[name]} <= set(dir(kind))
    assert callable(getattr(kind, ONLY_MODERN[name])) and callable(getattr(kind, ONLY_CLASSIC[name]))


@pytest.mark.parametrize("parent", [pact.Pact, pact.v2.Pact])
def test_a_service_class_of_the_users_own_is_what_the_consumer_makes(parent: type, tmp_path: Path) -> None:
    class Own(parent):
        port = 0

        def signed_in(self) -> Own:
            return self.given("a user is signed in")

        def start_service(self) -> None:
            self.started = True
            super().start_service()

    made = pact.Consumer("c", service_cls=Own).has_pact_with(pact.Provider("p"), port=0, pact_dir=str(tmp_path))
    assert isinstance(made, Own) and isinstance(made, pact.Pact) and isinstance(made, pact.v2.Pact)
    made.start_service()
    made.signed_in().upon_receiving("a").with_request("GET", "/").will_respond_with(200)
    made.setup()
    urllib.request.urlopen(made.uri).close()
    made.verify()
    made.stop_service()
    assert made.started and (tmp_path / "c-p.json").exists()


def test_the_signature_is_that_of_the_modern_api() -> None:
    assert list(inspect.signature(pact.Pact).parameters) == ["consumer", "provider"]
    assert list(inspect.signature(pact.Verifier).parameters) == ["name", "host"]
    assert list(inspect.signature(_subclass("Pact")).parameters) == ["args", "kwargs"]


def test_a_verifier_needs_a_name() -> None:
    with pytest.raises(TypeError, match="the provider's name"):
        pact.Verifier()
    for name in ("set_info", "set_state"):
        with pytest.raises(AttributeError, match="use Verifier"):
            getattr(pact.Verifier("p"), name)


LOGS = {
    "a level of the core": lambda log: log(pact_ffi.LevelFilter.INFO),
    "a name": lambda log: log("WARN"),
    "by pact-python's keyword": lambda log: log(level_filter="DEBUG"),
    "by pact-python's keyword and type": lambda log: log(level_filter=pact_ffi.LevelFilter.OFF),
}


@pytest.mark.parametrize("how", LOGS)
def test_logging_as_pact_python_asks_for_it(how: str, tmp_path: Path) -> None:
    logs = [pact_ffi.log_to_stderr, pact_ffi.log_to_stdout, pact_ffi.log_to_buffer, pact.v3.ffi.log_to_stderr]
    for log in [*logs, functools.partial(pact_ffi.log_to_file, tmp_path / "log")]:
        LOGS[how](log)
        log("OFF")


def test_the_version_of_the_core() -> None:
    from pact.v3 import ffi

    assert re.match(r"\d+\.\d+\.\d+", pact_ffi.version())
    assert ffi.version is pact_ffi.version


def test_a_free_port_is_free() -> None:
    import socket

    from pact._util import find_free_port

    with socket.socket() as server:
        server.bind(("127.0.0.1", find_free_port()))


def test_versions_are_the_same() -> None:
    assert pact.__version__ == pact_ffi.__version__


def test_importing_does_not_load_the_core() -> None:
    code = "import pact, sys; from pact import Pact, Consumer, Like, match; print('_cffi_backend' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stderr == ""
