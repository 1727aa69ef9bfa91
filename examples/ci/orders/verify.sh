#!/usr/bin/env bash
# Start the provider, verify it, and publish the results; without arguments what the broker selects, with a pact's URL
# that pact. In the build of a pull request nothing is published.
set -euo pipefail

rm -f address
python provider.py > address & provider=$!
trap 'kill $provider' EXIT
until [ -s address ]; do sleep 0.05; done

pact-ffi verify "$@" \
    --provider orders --provider-url "$(cat address)" \
    --consumer-version-selector '{"mainBranch": true}' \
    --consumer-version-selector '{"matchingBranch": true}' \
    --consumer-version-selector '{"deployedOrReleased": true}' \
    --enable-pending \
    --auto-detect-version-properties
