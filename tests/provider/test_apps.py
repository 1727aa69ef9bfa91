"""Applications verified in process: Flask, FastAPI, Starlette-style and Django."""

from __future__ import annotations

import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.errors import UsageError, VerificationError
from pact_ffi.provider.apps import served
from pact_ffi.provider.verifier import Verifier

from .conftest import http_interaction, pact

Write = Callable[..., Path]


def flask_app(name: str) -> Any:
    from flask import Flask, jsonify

    app = Flask("customers")
    app.add_url_rule("/customers/<int:number>", view_func=lambda number: jsonify(id=number, name=name))
    return app


def fastapi_app(name: str) -> Any:
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/customers/{number}")
    async def customer(number: int) -> dict[str, Any]:
        return {"id": number, "name": name}

    return app


def django_app(name: str, kind: str) -> Any:
    import django
    from django.conf import settings
    from django.core.asgi import get_asgi_application
    from django.core.wsgi import get_wsgi_application
    from django.http import JsonResponse
    from django.urls import path

    if not settings.configured:
        settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], DEBUG=True, SECRET_KEY="x")
        django.setup()
    urlpatterns[:] = [
        path("customers/<int:number>", lambda request, number: JsonResponse({"id": number, "name": name}))
    ]
    django.urls.clear_url_caches()
    return get_wsgi_application() if kind == "wsgi" else get_asgi_application()


urlpatterns: list[Any] = []


@pytest.mark.parametrize(
    "make",
    [flask_app, fastapi_app, lambda name: django_app(name, "wsgi"), lambda name: django_app(name, "asgi")],
    ids=["flask", "fastapi", "django-wsgi", "django-asgi"],
)
def test_an_application_passes_and_its_broken_version_fails(make: Callable[[str], Any], write: Write) -> None:
    source = write(pact(http_interaction()))
    Verifier("CustomerService").app(make("Alice")).add_source(source).verify()
    with pytest.raises(VerificationError, match=r"body \$.name"):
        Verifier("CustomerService").app(make("Bob")).add_source(source).verify()


def test_lifespan_hooks_run_and_nothing_listens_afterwards() -> None:
    from fastapi import FastAPI

    events = []

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        events.append("up")
        yield
        events.append("down")

    with served(FastAPI(lifespan=lifespan)) as port:
        assert events == ["up"]
        socket.create_connection(("127.0.0.1", port)).close()
    assert events == ["up", "down"]
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port))


def test_an_application_that_does_not_start_says_so() -> None:
    from fastapi import FastAPI

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        raise LookupError("no configuration")
        yield

    with (
        pytest.raises(UsageError, match="(?s)did not start; its start-up hook failed:.*LookupError: no configuration"),
        served(FastAPI(lifespan=lifespan)),
    ):
        pass


@pytest.mark.parametrize(("module", "make"), [("waitress", flask_app), ("uvicorn", fastapi_app)])
def test_a_missing_server_is_named(module: str, make: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError, match=rf"needs {module}: pip install"), served(make("Alice")):
        pass
