"""The Pact Broker: address and credentials, its links (HAL), selectors, publishing, questions, git.

Speaks HTTP and knows pact files; must not know of verifications.
"""
