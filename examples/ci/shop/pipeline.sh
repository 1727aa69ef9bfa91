#!/usr/bin/env bash
# The consumer's pipeline. It needs PACT_BROKER_BASE_URL, and PACT_BROKER_TOKEN or PACT_BROKER_USERNAME and _PASSWORD.
set -euo pipefail

version=$(git rev-parse HEAD)

# 1. Test; this writes the pacts.
python -m pytest -q

# 2. Publish them, with version and branch from git.
pact-ffi publish pacts --auto-detect-version-properties

# 3. Is it safe? The results may still be on their way: ask for up to five minutes.
pact-ffi can-i-deploy --pacticipant shop --version "$version" --to-environment production \
    --retry-while-unknown "${RETRIES:-30}" --retry-interval 10

# 4. Deploy, and tell the broker.
./deploy.sh
pact-ffi record-deployment --pacticipant shop --version "$version" --environment production
