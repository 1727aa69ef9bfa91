"""A Django project in a file: its models' rows are made by state handlers, in each kind of Django's test classes.

Run as ``python django_project.py PACT_FILE``; prints unittest's report.
"""

from __future__ import annotations

import sys
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="x",
    STATIC_URL="/static/",
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.test import LiveServerTestCase, TestCase, TransactionTestCase  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.urls import path  # noqa: E402

from pact import Verifier  # noqa: E402
from pact_ffi.errors import VerificationError  # noqa: E402


def user(request: HttpRequest, number: int) -> HttpResponse:
    found = User.objects.filter(pk=number).first()
    return JsonResponse({"id": number, "name": found.username}) if found else HttpResponse(status=404)


async def async_user(request: HttpRequest, number: int) -> HttpResponse:
    found = await User.objects.filter(pk=number).afirst()
    return JsonResponse({"id": number, "name": found.username}) if found else HttpResponse(status=404)


urlpatterns = [path("users/<int:number>", user), path("async-users/<int:number>", async_user)]


def exists(id: int, name: str) -> None:
    User.objects.create(pk=id, username=name)


def wrong(id: int) -> None:
    User.objects.create(pk=id, username="somebody else")


async def exists_async(id: int, name: str) -> None:
    await User.objects.acreate(pk=id, username=name)


def verifier(handler: Any) -> Verifier:
    return Verifier("users").add_source(Path(sys.argv[1])).state_handler({"the user exists": handler})


class _Cases:
    """The same for each test class; unittest collects what has ``TestCase`` besides."""

    def broken(self, subject: Verifier) -> None:
        try:
            subject.verify()
        except VerificationError as error:
            assert "somebody else" in str(error), error
        else:
            raise AssertionError("it passed")

    def test_wsgi(self) -> None:
        verifier(exists).app(get_wsgi_application()).verify()
        assert User.objects.count() == 1

    def test_wsgi_broken(self) -> None:
        self.broken(verifier(wrong).app(get_wsgi_application()))

    def test_asgi(self) -> None:
        verifier(exists).app(get_asgi_application()).verify()

    def test_asgi_broken(self) -> None:
        self.broken(verifier(wrong).app(get_asgi_application()))

    def test_rows_of_the_test_itself(self) -> None:
        exists(7, "ann")
        verifier(lambda: None).app(get_wsgi_application()).verify()

    def test_there_is_nothing_left_of_other_tests(self) -> None:
        assert User.objects.count() == 0

    async def test_async_with_asgi(self) -> None:
        await verifier(exists_async).app(get_asgi_application()).verify_async()
        assert await User.objects.acount() == 1

    async def test_async_with_wsgi(self) -> None:
        await verifier(exists_async).app(get_wsgi_application()).verify_async()

    async def test_async_with_plain_handlers(self) -> None:
        def yields(id: int, name: str) -> Iterator[None]:
            exists(id, name)
            yield
            assert User.objects.filter(pk=id).delete()[0] == 1

        await verifier(yields).app(get_wsgi_application()).verify_async()
        await verifier(yields).app(get_asgi_application()).verify_async()


class InATransaction(_Cases, TestCase):
    pass


class WithoutATransaction(_Cases, TransactionTestCase):
    pass


class BehindAServer(LiveServerTestCase):
    def test_by_url(self) -> None:
        verifier(exists).add_transport(self.live_server_url).verify()

    def test_by_url_broken(self) -> None:
        _Cases().broken(verifier(wrong).add_transport(self.live_server_url))


if __name__ == "__main__":
    runner = DiscoverRunner(verbosity=0)
    databases = runner.setup_databases()
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    runner.teardown_databases(databases)
    sys.exit(not result.wasSuccessful())
