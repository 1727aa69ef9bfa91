from pact_broker.fixtures import _no_settings_of_this_machine, broker, write_pact

__all__ = ["_no_settings_of_this_machine", "broker", "write_pact"]
