"""The names that most files of tests import, and one use of each."""

from pact import Pact, Verifier, generate, match

pact = Pact("bench-consumer", "bench-provider")
verifier = Verifier("bench-provider")
matcher = match.int(1)
generator = generate.int(min=1, max=9)
