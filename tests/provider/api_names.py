"""Every name of the provider's API, modern and classic, and the test that exercises it."""

from __future__ import annotations

_P, _K = "tests/provider/test_", "tests/classic/test_"


def _in(file: str, **tests: str) -> dict[str, str]:
    return {name: f"{file}.py::test_{test}" for name, test in tests.items()}


def _under(prefix: str, *tables: dict[str, str]) -> dict[str, str]:
    return {f"{prefix}{name}": test for table in tables for name, test in table.items()}


_BUILDER = "the_builder_returns_itself_until_build"

NAMES: dict[str, dict[str, str]] = {
    "Verifier (modern): the provider": _under(
        "Verifier.",
        _in(
            f"{_P}verifier",
            __init__="impossible_input_is_refused_where_it_enters",
            __str__="before_verify_there_are_no_results",
            __repr__="before_verify_there_are_no_results",
            add_transport="localhost_and_127_0_0_1_are_one_host",
            request_filter="a_request_filter_changes_each_request",
            add_custom_header="filters_headers_and_base_path_reach_the_core",
            add_custom_headers="filters_headers_and_base_path_reach_the_core",
        ),
        _in(
            f"{_P}apps",
            app="an_application_passes_and_its_broken_version_fails",
            verify_async="it_runs_in_the_thread_of_the_test",
        ),
        _in(f"{_P}messages", message_handler="a_message_may_come_in_many_forms"),
        _in(f"{_P}states", state_handler="a_handler_takes_what_it_names"),
        _in(
            f"{_P}options",
            set_request_timeout="a_slow_provider_is_waited_for_as_long_as_was_said",
            follow_redirects="redirects_are_followed_or_verified",
            disable_ssl_verification="an_https_provider_needs_a_certificate_that_is_trusted",
        ),
    ),
    "Verifier (modern): the pacts": _under(
        "Verifier.",
        _in(
            f"{_P}verifier",
            add_source="a_folder_gives_the_pacts_of_this_provider_and_nothing_else",
            filter="nothing_verified_is_a_failure_that_says_why",
            filter_consumers="nothing_verified_is_a_failure_that_says_why",
        ),
        _in(
            f"{_P}broker_source",
            broker_source="credentials_may_be_in_the_url_or_the_environment",
            webhook_source="a_webhook_names_one_pact",
            set_publish_options="results_are_published_with_a_test_for_each_interaction",
        ),
    ),
    "Verifier (modern): the run and its results": _under(
        "Verifier.",
        _in(
            f"{_P}verifier",
            verify="a_provider_that_keeps_its_pact_passes",
            result="differences_are_objects_and_a_readable_report",
            results="differences_are_objects_and_a_readable_report",
            set_time_limit="a_time_limit_ends_a_provider_that_hangs",
            set_error_on_empty_pact="nothing_verified_is_a_failure_that_says_why",
        ),
        _in(f"{_P}workers", set_workers="the_results_are_those_of_one_worker_in_the_same_order"),
        _in(
            f"{_P}options",
            logs="what_the_core_said_can_be_read",
            output="what_the_core_said_can_be_read",
            set_coloured_output="what_the_core_said_can_be_read",
        ),
    ),
    "BrokerSelectorBuilder": _under(
        "BrokerSelectorBuilder.",
        _in(
            f"{_P}broker_source",
            consumer_tags=_BUILDER,
            provider_tags=_BUILDER,
            provider_branch="what_the_broker_selects_is_verified",
            consumer_versions="what_the_broker_selects_is_verified",
            consumer_version="what_the_broker_selects_is_verified",
            include_pending="what_the_broker_selects_is_verified",
            exclude_pending=_BUILDER,
            include_wip_since="what_the_broker_selects_is_verified",
            exclude_wip=_BUILDER,
            build=_BUILDER,
            chosen="selectors_may_be_keywords",
            question="selectors_may_be_keywords",
        ),
    ),
    "Verifier (classic)": _under(
        "Verifier.",
        _in(
            f"{_K}verifier",
            __init__="a_kept_pact_is_0_and_a_broken_one_1_with_the_report",
            verify_pacts="a_kept_pact_is_0_and_a_broken_one_1_with_the_report",
            verify_with_broker="a_broker_that_is_not_there_is_1",
            provider_states_setup_url="the_state_url_is_told_the_consumer_as_ever",
            headers="the_state_url_is_told_the_consumer_as_ever",
            timeout="the_state_url_is_told_the_consumer_as_ever",
            verbose="unknown_options_are_named_in_the_log_and_do_no_harm",
            log_dir="unknown_options_are_named_in_the_log_and_do_no_harm",
            log_level="unknown_options_are_named_in_the_log_and_do_no_harm",
        ),
        _in(
            f"{_P}broker_source",
            consumer_version_selectors="the_classic_verifier_asks_the_broker_for_what_it_was_told",
            consumer_tags="the_classic_verifier_asks_the_broker_for_what_it_was_told",
            provider_tags="the_classic_verifier_asks_the_broker_for_what_it_was_told",
            provider_version_branch="the_classic_verifier_asks_the_broker_for_what_it_was_told",
            enable_pending="the_classic_verifier_asks_the_broker_for_what_it_was_told",
            include_wip_pacts_since="the_classic_verifier_asks_the_broker_for_what_it_was_told",
            broker_username="the_classic_verifier_asks_the_broker_for_what_it_was_told",
            broker_password="the_classic_verifier_asks_the_broker_for_what_it_was_told",
            broker_url="the_classic_verifier_tells_the_state_url_the_consumer",
            broker_token="the_classic_verifier_tells_the_state_url_the_consumer",
            publish_version="the_classic_verifier_tells_the_state_url_the_consumer",
            publish_verification_results="the_classic_verifier_tells_the_state_url_the_consumer",
        ),
    ),
    "MessageProvider (classic)": _under(
        "MessageProvider.",
        _in(
            f"{_K}verifier",
            __init__="message_providers_are_found_by_state",
            __enter__="message_providers_are_found_by_state",
            verify="message_providers_are_found_by_state",
        ),
        _in(
            f"{_P}broker_source",
            verify_with_broker="the_classic_message_provider_verifies_what_the_broker_has",
        ),
    ),
    "A pact file as the classic facade reads it": _in(
        f"{_K}replay",
        from_path="the_response_comes_back_and_counts_as_verified",
        verify_provider_app_func="the_response_comes_back_and_counts_as_verified",
        interactions="the_response_comes_back_and_counts_as_verified",
        unverified="the_response_comes_back_and_counts_as_verified",
    ),
}
