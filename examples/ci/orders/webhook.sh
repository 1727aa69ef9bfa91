#!/usr/bin/env bash
# What the broker's webhook starts when a consumer publishes a pact that is new: verify that pact with this version, and
# publish the result. PACT_URL is the webhook's ${pactbroker.pactUrl}.
set -euo pipefail
./verify.sh "$PACT_URL"
