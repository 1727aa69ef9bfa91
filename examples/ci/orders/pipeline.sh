#!/usr/bin/env bash
# The provider's pipeline. It needs PACT_BROKER_BASE_URL, and PACT_BROKER_TOKEN or PACT_BROKER_USERNAME and _PASSWORD.
set -euo pipefail

version=$(git rev-parse HEAD)

# 1. Verify. This fails when the provider breaks a contract that it has kept before.
./verify.sh

# 2. Is it safe? Every consumer in production must be content with this version.
pact-ffi can-i-deploy --pacticipant orders --version "$version" --to-environment production

# 3. Deploy, and tell the broker.
./deploy.sh
pact-ffi record-deployment --pacticipant orders --version "$version" --environment production
