"""The Consumer/Provider vocabulary of pact-python up to 2.x, told in the words of `consumer` and `provider`.

The names `Pact` and `Verifier`, which exist in both vocabularies, are told apart here.
"""
