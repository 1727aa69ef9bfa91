"""A stand-in for the Pact Broker, on loopback, for all tests.

It answers as a Pact Broker 2.120 did when `exchanges.json` was recorded, keeps what it is told (pacts, versions,
branches, tags, results, environments, deployments) in memory, and misbehaves when a test says so.
"""

from pact_broker.faults import Raw, drip, endless, silent, times
from pact_broker.server import Reply, Seen, StandInBroker

__all__ = ["Raw", "Reply", "Seen", "StandInBroker", "drip", "endless", "silent", "times"]
