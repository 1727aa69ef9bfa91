"""Providers with a database in the memory of the test: what a state handler writes, the application reads."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import unittest
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI
from flask import Flask, jsonify
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from pact_ffi.errors import VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import http_interaction, pact

ORDER = {"id": 7, "name": "ann"}


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def the_pact(folder: Path, *paths: str) -> Path:
    body = {"content": ORDER, "contentType": "application/json", "encoded": False}
    items = [
        http_interaction(
            f"a user at {path}",
            providerStates=[{"name": "the user exists", "params": ORDER}],
            request={"method": "GET", "path": path},
            response={"status": 200, "body": body},
        )
        for path in paths
    ]
    file = folder / "pact.json"
    file.write_text(json.dumps(pact(*items, provider="users")))
    return file


@pytest.fixture()
def source(tmp_path: Path) -> Path:
    return the_pact(tmp_path, "/users/7")


def names(rows: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("name", "passes"), [("ann", True), ("bob", False)], ids=["kept", "broken"])


KEPT_AND_BROKEN = names("users")


def concluded(passes: bool, verify: Callable[[], Any]) -> None:
    if passes:
        verify()
    else:
        with pytest.raises(VerificationError, match="body \\$.name: expected .*ann.*bob|Expected 'bob'"):
            verify()


def flask_app(session: Session) -> Flask:
    app = Flask("users")

    @app.get("/users/<int:number>")
    def user(number: int) -> Any:
        found = session.get(User, number)
        return jsonify(id=found.id, name=found.name) if found else ("", 404)

    return app


@pytest.fixture()
def session() -> Iterator[Session]:
    engine = create_engine("sqlite:///:memory:")  # the default pool: a database for each thread
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
        session.rollback()
    engine.dispose()


@KEPT_AND_BROKEN
def test_flask_and_a_session_that_is_rolled_back(session: Session, source: Path, name: str, passes: bool) -> None:
    def exists(id: int) -> Iterator[None]:
        session.add(User(id=id, name=name))
        session.flush()  # never committed
        yield
        session.rollback()

    subject = Verifier("users").app(flask_app(session)).add_source(source)
    concluded(passes, subject.state_handler({"the user exists": exists}).verify)
    assert session.query(User).count() == 0


@KEPT_AND_BROKEN
def test_flask_in_the_application_context_of_the_test(session: Session, source: Path, name: str, passes: bool) -> None:
    from flask import current_app, g

    app = Flask("users")

    @app.get("/users/<int:number>")
    def user(number: int) -> Any:
        return jsonify(id=number, name=g.names[number] if "names" in g else current_app.config["names"][number])

    def exists(id: int) -> None:
        current_app.config["names"] = {id: name}

    with app.app_context():
        subject = Verifier("users").app(app).add_source(source)
        concluded(passes, subject.state_handler({"the user exists": exists}).verify)


@KEPT_AND_BROKEN
@pytest.mark.parametrize("plain", [True, False], ids=["def", "async def"])
def test_fastapi_with_dependency_overrides(
    session: Session, source: Path, name: str, passes: bool, plain: bool
) -> None:
    def database() -> Session:
        raise AssertionError("the real database")

    app = FastAPI()

    def plain_user(number: int, session: Session = Depends(database)) -> Any:
        found = session.get(User, number)
        return {"id": number, "name": found.name} if found else None

    async def async_user(number: int, session: Session = Depends(database)) -> Any:
        return plain_user(number, session)

    app.get("/users/{number}")(plain_user if plain else async_user)
    app.dependency_overrides[database] = lambda: session

    def exists(id: int) -> None:
        session.merge(User(id=id, name=name))
        session.flush()

    subject = Verifier("users").app(app).add_source(source).state_handler({"the user exists": exists})
    concluded(passes, subject.verify)


@KEPT_AND_BROKEN
def test_a_bare_wsgi_application_and_a_connection_of_this_thread(source: Path, name: str, passes: bool) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table users (id integer, name text)")

    def app(environ: Any, start_response: Any) -> list[bytes]:
        [row] = connection.execute("select id, name from users")
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(dict(zip(("id", "name"), row, strict=True))).encode()]

    def exists(id: int) -> None:
        connection.execute("delete from users")
        connection.execute("insert into users values (?, ?)", (id, name))

    subject = Verifier("users").app(app).add_source(source).state_handler({"the user exists": exists})
    concluded(passes, subject.verify)
    connection.close()


Sessions = async_sessionmaker[AsyncSession]


@pytest_asyncio.fixture()
async def sessions() -> AsyncIterator[Sessions]:
    engine = create_async_engine("sqlite+aiosqlite:///:memory:")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield async_sessionmaker(engine, expire_on_commit=False)
    await engine.dispose()


def async_app(sessions: Sessions) -> FastAPI:
    async def database() -> AsyncIterator[AsyncSession]:
        async with sessions() as session:
            yield session

    app = FastAPI()

    @app.get("/users/{number}")
    async def user(number: int, session: AsyncSession = Depends(database)) -> Any:
        found = await session.get(User, number)
        return {"id": number, "name": found.name} if found else None

    return app


def async_states(sessions: Sessions, name: str) -> Any:
    async def exists(id: int) -> AsyncIterator[None]:
        async with sessions() as session:
            await session.merge(User(id=id, name=name))
            await session.commit()
            yield
            await session.execute(text("delete from users"))
            await session.commit()

    return {"the user exists": exists}


@pytest.mark.asyncio
@KEPT_AND_BROKEN
async def test_fastapi_with_an_async_session(sessions: Sessions, source: Path, name: str, passes: bool) -> None:
    subject = Verifier("users").app(async_app(sessions)).add_source(source)
    subject.state_handler(async_states(sessions, name))
    try:
        await subject.verify_async()
    except VerificationError as error:
        assert not passes and "bob" in str(error)
    else:
        assert passes
    async with sessions() as session:
        assert (await session.execute(text("select count(*) from users"))).scalar() == 0


@KEPT_AND_BROKEN
def test_a_plain_test_with_an_async_fixture(sessions: Sessions, source: Path, name: str, passes: bool) -> None:
    subject = Verifier("users").app(async_app(sessions)).add_source(source)
    concluded(passes, subject.state_handler(async_states(sessions, name)).verify)


def test_in_unittest(tmp_path: Path) -> None:
    source = the_pact(tmp_path, "/users/7")

    class Plain(unittest.TestCase):
        def setUp(self) -> None:
            engine = create_engine("sqlite:///:memory:")
            self.addCleanup(engine.dispose)
            Base.metadata.create_all(engine)
            self.session = Session(engine)
            self.addCleanup(self.session.close)

        def check(self, name: str) -> None:
            def exists(id: int) -> None:
                self.session.add(User(id=id, name=name))
                self.session.flush()

            subject = Verifier("users").app(flask_app(self.session)).add_source(source)
            subject.state_handler({"the user exists": exists}).verify()

        def test_kept(self) -> None:
            self.check("ann")

        def test_broken(self) -> None:
            with self.assertRaises(VerificationError):
                self.check("bob")

    class Asynchronous(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self) -> None:
            self.engine = create_async_engine("sqlite+aiosqlite:///:memory:")
            self.addAsyncCleanup(self.engine.dispose)
            async with self.engine.begin() as connection:
                await connection.run_sync(Base.metadata.create_all)
            self.sessions = async_sessionmaker(self.engine, expire_on_commit=False)

        async def check(self, name: str) -> None:
            subject = Verifier("users").app(async_app(self.sessions)).add_source(source)
            await subject.state_handler(async_states(self.sessions, name)).verify_async()

        async def test_kept(self) -> None:
            await self.check("ann")

        async def test_broken(self) -> None:
            with self.assertRaises(VerificationError):
                await self.check("bob")

    for case in (Plain, Asynchronous):
        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
        assert result.testsRun == 2 and result.wasSuccessful(), result.failures + result.errors


def test_django_in_each_of_its_test_classes(tmp_path: Path) -> None:
    script = Path(__file__).with_name("django_project.py")
    for path in ("/users/7", "/async-users/7"):
        command = [sys.executable, str(script), str(the_pact(tmp_path, path))]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert re.search(r"Ran 20 tests", done.stderr), done.stderr
