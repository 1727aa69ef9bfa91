"""Every name of the consumer's API, modern and classic, and the test that exercises it."""

from __future__ import annotations

_C, _K = "tests/consumer/test_", "tests/classic/test_"


def _in(folder_file: str, **tests: str) -> dict[str, str]:
    return {name: f"{folder_file}.py::test_{test}" for name, test in tests.items()}


def _under(prefix: str, *tables: dict[str, str]) -> dict[str, str]:
    return {f"{prefix}{name}": test for table in tables for name, test in table.items()}


_SERVED = f"{_C}matchers_served.py::test_what_a_matcher_takes_and_refuses"
_MADE = f"{_C}matchers_served.py::test_what_a_generator_makes"
_IMPORT = "tests/test_dropin_names.py::test_the_name_can_be_imported"
_PATHS = """
    pact pact.pact pact.verifier pact.interaction pact.error pact.types pact.match.matcher pact.xml
    pact_ffi.PactSpecification pact_ffi.log_to_stderr pact.v2 pact.v3 pact.v3.ffi.log_to_stderr pact.consumer
    pact.provider pact.matchers pact.message_consumer pact.message_pact pact.message_provider
"""

NAMES: dict[str, dict[str, str]] = {
    "Import paths": dict.fromkeys(_PATHS.split(), _IMPORT),
    "Pact (modern)": _under(
        "Pact.",
        _in(
            f"{_C}pact",
            consumer="names_are_kept",
            provider="names_are_kept",
            specification="default_specification_is_v4",
            __str__="str_is_consumer_arrow_provider",
            __repr__="repr_says_what_it_is",
            __init__="empty_names_are_refused",
            with_specification="with_specification_takes_names_and_members",
            with_metadata="with_metadata_adds_to_the_file",
            upon_receiving="upon_receiving_begins_the_kind_that_was_asked_for",
            interactions="interactions_are_listed_by_kind_in_the_order_in_which_they_were_begun",
        ),
        _in(f"{_C}server", serve="matched_after_all_requests_came"),
        _in(f"{_C}message_handlers", verify="each_message_is_handed_over"),
        _in("tests/pact_file/test_writing", write_file="writing_merges"),
    ),
    "PactServer": _under(
        "PactServer.",
        _in(
            f"{_C}server",
            port="what_it_says_of_itself",
            host="what_it_says_of_itself",
            transport="what_it_says_of_itself",
            url="what_it_says_of_itself",
            __str__="what_it_says_of_itself",
            __truediv__="what_it_says_of_itself",
            matched="matched_after_all_requests_came",
            mismatches="matched_after_all_requests_came",
            logs="logs_while_running_and_after",
            write_file="the_server_writes_the_pact_file_too",
            __exit__="mismatches_are_raised_at_the_end_of_the_block",
            verbose="mismatches_are_logged_once",
            raises="raises_false_keeps_silent",
            __aenter__="async_with",
        ),
        _in(f"{_C}server_https", certificate="its_certificate_can_be_trusted"),
        _in(f"{_C}reports", report="place_expected_and_received_are_shown"),
        _under("url.", _in(f"{_C}url", scheme="parts", host="parts", port="parts", path="parts")),
        _under("url.", _in(f"{_C}url", with_path="replacing", with_query="replacing", path_qs="replacing")),
    ),
    "Interaction": _under(
        "Interaction.",
        _in(
            f"{_C}interaction",
            __str__="str_and_repr",
            __repr__="str_and_repr",
            given="states_and_parameters",
            set_key="key_pending_and_comments",
            set_pending="key_pending_and_comments",
            set_comment="key_pending_and_comments",
            add_text_comment="key_pending_and_comments",
            test_name="key_pending_and_comments",
            add_external_reference="external_references",
        ),
        _in(f"{_C}pact", provider_states="provider_states_of_a_message_are_listed_with_parameters_as_text"),
        _in(
            f"{_C}bodies",
            with_body="values_are_served_as_json",
            with_binary_body="binary_bodies_are_served_byte_for_byte",
        ),
        _in(f"{_C}multipart", with_multipart_file="a_multipart_file"),
        _in(f"{_C}messages", with_metadata="a_message_with_everything", set_metadata="metadata_may_be_set_again"),
        _in(f"{_C}rules_and_generators", with_matching_rules="rules_of_every_category", with_generators="generators"),
    ),
    "HttpInteraction and SyncMessageInteraction": _under(
        "",
        _in(
            f"{_C}headers_and_paths",
            **{
                "HttpInteraction.with_request": "methods",
                "HttpInteraction.will_respond_with": "statuses",
                "HttpInteraction.with_header": "with_header_appends_and_set_header_replaces",
                "HttpInteraction.with_headers": "several_headers_at_once",
                "HttpInteraction.set_header": "with_header_appends_and_set_header_replaces",
                "HttpInteraction.set_headers": "set_headers_replaces_what_was_there_once",
            },
        ),
        _in(
            f"{_C}query",
            **{
                "HttpInteraction.with_query_parameter": "one_by_one_names_may_repeat",
                "HttpInteraction.with_query_parameters": "ways_to_say_the_same",
            },
        ),
        _in(f"{_C}messages", **{"SyncMessageInteraction.will_respond_with": "a_synchronous_message"}),
        _in(
            f"{_C}message_contents",
            **{
                "AsyncMessageInteraction.contents": "contents_of_each_part",
                "SyncMessageInteraction.request_contents": "contents_of_each_part",
                "SyncMessageInteraction.response_contents": "contents_of_each_part",
            },
        ),
    ),
    "pact.error": {
        **_in(
            f"{_C}errors",
            PactError="the_tree",
            MismatchesError="mismatches_error_carries_mismatches_and_prints_them",
            InteractionVerificationError="verification_errors_carry_description_and_cause",
            PactVerificationError="verification_errors_carry_description_and_cause",
            RequestMismatch="a_request_mismatch_has_mismatches",
            GenericMismatch="an_unknown_kind_is_generic",
        ),
        **dict.fromkeys(
            (
                "Mismatch MissingRequest RequestNotFound MethodMismatch PathMismatch StatusMismatch QueryMismatch"
                " HeaderMismatch MetadataMismatch BodyTypeMismatch BodyMismatch"
            ).split(),
            f"{_C}errors.py::test_mismatches_from_the_cores_json",
        ),
    },
    "pact.match": {
        **{
            f"match.{name}": _SERVED
            for name in (
                "int integer number decimal float str string bool boolean regex uuid date time datetime timestamp like"
                " type each_like includes array_containing null none each_key_matches each_value_matches not_empty"
                " semver"
            ).split()
        },
        "match.content_type": f"{_C}matchers_served.py::test_a_content_type_matcher_for_binary_data",
        "match.matcher.AbstractMatcher": _SERVED,
    },
    "pact.generate": {
        **{f"generate.{name}": _MADE for name in "int decimal hex str regex date time datetime uuid bool".split()},
        **_under(
            "generate.",
            _in(
                f"{_C}matchers_served",
                provider_state="a_provider_state_value_is_its_example_here",
                mock_server_url="a_mock_server_url_is_that_of_the_server",
            ),
        ),
    },
    "pact.xml": _under(
        "xml.",
        _in(
            f"{_C}matchers_served",
            element="xml_with_matchers",
            body="what_xml_builders_return",
            **{"XmlElement": "what_xml_builders_return", "XmlElement.each": "what_xml_builders_return"},
        ),
    ),
    "Classic consumer and provider": {
        **_in(
            f"{_K}pact_builders",
            Consumer="a_consumer_keeps_what_it_is_made_with",
            Provider="names",
            **{
                "Provider.name": "names",
                "Consumer.has_pact_with": "has_pact_with_hands_everything_to_the_service_class",
            },
        ),
        **_in(
            f"{_K}message_pact",
            MessageConsumer="a_consumer_keeps_what_it_is_made_with",
            **{"MessageConsumer.has_pact_with": "has_pact_with"},
        ),
    },
    "Classic Pact": _under(
        "Pact.",
        _in(
            f"{_K}pact_builders",
            uri="uri",
            given="builders_return_the_pact",
            upon_receiving="builders_return_the_pact",
            with_request="builders_return_the_pact",
            will_respond_with="builders_return_the_pact",
        ),
        _in(
            f"{_K}pact_service",
            start_service="a_chosen_port_is_used_again_and_again",
            stop_service="a_chosen_port_is_used_again_and_again",
            setup="setup_and_verify_without_with",
            verify="setup_and_verify_without_with",
            __enter__="entering_returns_the_pact",
            mock_service="interactions_defined_while_the_service_runs_are_served_without_with",
        ),
        _in(f"{_K}pact_files", path="pact_dir_is_obeyed", pact_dir="pact_dir_is_obeyed"),
    ),
    "Classic MessagePact": _under(
        "MessagePact.",
        _in(
            f"{_K}message_pact",
            given="builders_return_the_pact",
            expects_to_receive="builders_return_the_pact",
            with_content="builders_return_the_pact",
            with_metadata="builders_return_the_pact",
            __exit__="leaving_the_block_writes_the_file",
        ),
    ),
    "Classic matchers": {
        **_in(
            f"{_K}pact_builders", Like="matchers_everywhere", EachLike="matchers_everywhere", Term="matchers_everywhere"
        ),
        **_in(f"{_K}pact_matchers", SomethingLike="something_like_is_like", Format="format_attributes"),
        **_in(f"{_K}pact_matchers", **{"Format.Regexes": "format_regexes_are_an_enum"}),
        **_in(f"{_K}pact_matchers", from_term="from_term", get_generated_values="get_generated_values"),
    },
}
