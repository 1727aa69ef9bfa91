/* An interaction under construction. Handles are numbers; text is copied. `part` says request or response, `..._json`
   is JSON, `size` and `index` count bytes and repeated values. False means refused, without a cause. */

bool pactffi_add_interaction_reference(uint32_t interaction, char *group, char *name, char *value);
bool pactffi_add_text_comment(uint32_t interaction, char *comment);
bool pactffi_given(uint32_t interaction, char *state);
bool pactffi_given_with_param(uint32_t interaction, char *state, char *name, char *value);
bool pactffi_response_status(uint32_t interaction, unsigned short status);
bool pactffi_response_status_v2(uint32_t interaction, char *status_json);
bool pactffi_set_comment(uint32_t interaction, char *key, char *value);
bool pactffi_set_header(uint32_t interaction, enum InteractionPart part, char *name, char *value);
bool pactffi_set_key(uint32_t interaction, char *key);
bool pactffi_set_pending(uint32_t interaction, bool pending);
bool pactffi_upon_receiving(uint32_t interaction, char *description);
bool pactffi_with_binary_body(
    uint32_t interaction, enum InteractionPart part, char *content_type, uint8_t *body, size_t size);
bool pactffi_with_binary_file(
    uint32_t interaction, enum InteractionPart part, char *content_type, uint8_t *body, size_t size);
bool pactffi_with_body(uint32_t interaction, enum InteractionPart part, char *content_type, char *body);
bool pactffi_with_generators(uint32_t interaction, enum InteractionPart part, char *generators_json);
bool pactffi_with_header(uint32_t interaction, enum InteractionPart part, char *name, size_t index, char *value);
bool pactffi_with_header_v2(
    uint32_t interaction, enum InteractionPart part, char *name, size_t index, char *value_json);
bool pactffi_with_matching_rules(uint32_t interaction, enum InteractionPart part, char *rules_json);
bool pactffi_with_metadata(uint32_t interaction, char *key, char *value, enum InteractionPart part);
bool pactffi_with_query_parameter(uint32_t interaction, char *name, size_t index, char *value);
bool pactffi_with_query_parameter_v2(uint32_t interaction, char *name, size_t index, char *value_json);
bool pactffi_with_request(uint32_t interaction, char *method, char *path);
int pactffi_given_with_params(uint32_t interaction, char *state, char *params_json);
struct StringResult pactffi_with_multipart_file(
    uint32_t interaction, enum InteractionPart part, char *content_type, char *file, char *part_name);
struct StringResult pactffi_with_multipart_file_v2(
    uint32_t interaction, enum InteractionPart part, char *content_type, char *file, char *part_name, char *boundary);
uint32_t pactffi_new_interaction(uint16_t pact, char *description);
uint32_t pactffi_new_message_interaction(uint16_t pact, char *description);
uint32_t pactffi_new_sync_message_interaction(uint16_t pact, char *description);
unsigned int pactffi_interaction_test_name(uint32_t interaction, char *test_name);
