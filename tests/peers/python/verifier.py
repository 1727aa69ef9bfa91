"""A test of users-api, written for pact-python 4: it runs on that and on ours without a change.

Usage: python verifier.py <pact file> <provider's url> <name that messages carry, as JSON>
"""

import json
import sys

from pact import Verifier

file, url = sys.argv[1:3]
ada = json.loads(sys.argv[3])


def message(name, metadata):
    body = {"name": ada} if name == "a lookup" else {"id": 42, "name": ada}
    sent = {} if name == "a lookup" else {"topic": "users"}
    return {"contents": json.dumps(body).encode(), "metadata": sent, "content_type": "application/json"}


verifier = Verifier("users-api").add_transport(url=url).add_source(file)
verifier.state_handler(f"{url}/_states", body=True).message_handler(message)
try:
    verifier.verify()
except RuntimeError as error:
    print(error)
    print(json.dumps(verifier.results))
    sys.exit(1)
print("verified", json.dumps(verifier.results["result"]))
