"""Classes of unittest around the classic API: settings from the environment, a service that a module starts."""

import atexit
import os
import unittest

import requests
from users import UserClient, free_port, provider

from pact import Consumer, EachLike, Format, Like, Pact, Provider, Term, Verifier
from pact.verify_wrapper import PactException

PACT_DIR = os.path.join(os.path.dirname(os.path.realpath(__file__)), "pacts")
os.environ.setdefault("PACT_MOCK_PORT", str(free_port()))


class TracedPact(Pact):
    """A service class of the project's own."""

    described = 0

    def upon_receiving(self, scenario):
        type(self).described += 1
        return super().upon_receiving(scenario)

    def as_admin(self):
        return self.given("user 1 exists")


pact = Consumer("UserWeb", service_cls=TracedPact).has_pact_with(
    Provider("UserService"),
    host_name=os.getenv("PACT_MOCK_HOST", "localhost"),
    port=os.getenv("PACT_MOCK_PORT", 1234),
    log_dir="./logs",
    pact_dir=PACT_DIR,
    cors=os.getenv("PACT_CORS", "false"),
    ssl=False,
    publish_to_broker=False,
    broker_base_url=os.getenv("PACT_BROKER_URL"),
    specification_version="2.0.0",
    file_write_mode="merge",
)
pact.start_service()
atexit.register(pact.stop_service)


class UserContract(unittest.TestCase):
    def setUp(self):
        self.client = UserClient(pact.uri)

    def test_1_user(self):
        body = {
            "id": Format().integer,
            "name": Like("Ada"),
            "roles": EachLike("admin"),
            "since": Term(r"\d{4}-\d{2}-\d{2}", "2020-01-31"),
        }
        (
            pact.as_admin()
            .upon_receiving("a request for user 1")
            .with_request(method="GET", path="/users/1", headers={"Accept": "*/*"})
            .will_respond_with(status=200, headers={"Content-Type": "application/json"}, body=Like(body))
        )
        pact.setup()
        user = self.client.user(1)
        pact.verify()
        self.assertEqual(user["name"], "Ada")

    def test_2_nobody(self):
        pact.given("there are no users").upon_receiving("a request for nobody").with_request(
            "get", "/users/9"
        ).will_respond_with(404)
        with pact:
            self.assertIsNone(self.client.user(9))

    def test_3_a_wrong_request(self):
        pact.given("nothing").upon_receiving("this").with_request("get", "/this").will_respond_with(200)
        with self.assertRaises(AssertionError), pact:
            requests.get(pact.uri + "/that", timeout=5)

    def test_4_an_incomplete_interaction(self):
        with self.assertRaises(PactException), pact.given("nothing").upon_receiving("this"):
            pass

    def test_5_the_service_class_is_the_projects_own(self):
        self.assertIsInstance(pact, TracedPact)
        self.assertIsInstance(pact, Pact)
        self.assertEqual(TracedPact.described, 4)


class UserProvider(unittest.TestCase):
    def verify(self, broken):
        with provider(broken) as (url, _, _state):
            verifier = Verifier(provider="UserService", provider_base_url=url)
            return verifier.verify_pacts(
                os.path.join(PACT_DIR, "userweb-userservice.json"),
                provider_states_setup_url=url + "/states",
                headers=["X-Request-Id: 1"],
                verbose=os.getenv("VERBOSE", "0"),
                log_dir="./logs",
                log_level="INFO",
                timeout=os.getenv("TIMEOUT", "5"),
                enable_pending=False,
            )

    def test_kept(self):
        output, _ = self.verify(broken=False)
        assert output == 0

    def test_broken(self):
        output, _ = self.verify(broken=True)
        assert output != 0


if __name__ == "__main__":
    unittest.main()
