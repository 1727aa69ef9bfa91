"""Verify the provider at a URL against a folder of pacts; the exit code says whether it keeps them."""

import sys

from pact import Verifier
from pact_ffi import PactError


def customer_exists(state: str, action: str) -> None:
    """Prepare the provider's data; here there is nothing to do."""


url, folder = sys.argv[1:]
verifier = Verifier("customer-service").add_transport(url=url).add_source(folder)
verifier.state_handler({"customer 123 exists": customer_exists})
try:
    verifier.verify()
except PactError as error:
    sys.exit(str(error))
print("all interactions are as agreed")
