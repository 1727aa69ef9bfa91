/* Messages: the handles of construction (numbers), and the models that the core reads (pointers, only for looking:
   the setters keep the pointer that they are given). `match_message` takes both its arguments away. */

char *pactffi_async_message_get_contents_str(struct AsynchronousMessage *message);
char *pactffi_async_message_get_description(struct AsynchronousMessage *message);
char *pactffi_message_contents_get_contents_str(struct MessageContents *contents);
char *pactffi_message_find_metadata(struct Message *message, char *key);
char *pactffi_message_get_contents(struct Message *message);
char *pactffi_message_get_description(struct Message *message);
char *pactffi_message_pact_find_metadata(struct MessagePact *pact, char *outer_key, char *inner_key);
char *pactffi_message_reify(uint32_t message);
int pactffi_async_message_set_description(struct AsynchronousMessage *message, char *description);
int pactffi_message_insert_metadata(struct Message *message, char *key, char *value);
int pactffi_message_set_description(struct Message *message, char *description);
int32_t pactffi_write_message_pact_file(uint16_t pact, char *directory, bool overwrite);
size_t pactffi_async_message_get_contents_length(struct AsynchronousMessage *message);
size_t pactffi_message_contents_get_contents_length(struct MessageContents *contents);
size_t pactffi_message_get_contents_length(struct Message *message);
struct AsynchronousMessage *pactffi_async_message_new(void);
struct Consumer *pactffi_message_pact_get_consumer(struct MessagePact *pact);
struct GeneratorCategoryIterator *pactffi_message_contents_get_generators_iter(
    struct MessageContents *contents, enum GeneratorCategory category);
struct MatchingRuleCategoryIterator *pactffi_message_contents_get_matching_rule_iter(
    struct MessageContents *contents, enum MatchingRuleCategory category);
struct Message *pactffi_message_new(void);
struct Message *pactffi_message_new_from_body(char *body, char *content_type);
struct Message *pactffi_message_new_from_json(unsigned int index, char *json, enum PactSpecification version);
struct Message *pactffi_message_pact_message_iter_next(struct MessagePactMessageIterator *iterator);
struct MessageContents *pactffi_async_message_generate_contents(struct AsynchronousMessage *message);
struct MessageContents *pactffi_async_message_get_contents(struct AsynchronousMessage *message);
struct MessageMetadataIterator *pactffi_message_contents_get_metadata_iter(struct MessageContents *contents);
struct MessageMetadataIterator *pactffi_message_get_metadata_iter(struct Message *message);
struct MessageMetadataPair *pactffi_message_metadata_iter_next(struct MessageMetadataIterator *iterator);
struct MessagePact *pactffi_message_pact_new_from_json(char *file_name, char *json);
struct MessagePactMessageIterator *pactffi_message_pact_get_message_iter(struct MessagePact *pact);
struct MessagePactMetadataIterator *pactffi_message_pact_get_metadata_iter(struct MessagePact *pact);
struct MessagePactMetadataTriple *pactffi_message_pact_metadata_iter_next(struct MessagePactMetadataIterator *iterator);
struct Provider *pactffi_message_pact_get_provider(struct MessagePact *pact);
struct ProviderState *pactffi_async_message_get_provider_state(struct AsynchronousMessage *message, unsigned int index);
struct ProviderState *pactffi_message_get_provider_state(struct Message *message, unsigned int index);
struct ProviderStateIterator *pactffi_async_message_get_provider_state_iter(struct AsynchronousMessage *message);
struct ProviderStateIterator *pactffi_message_get_provider_state_iter(struct Message *message);
uint16_t pactffi_new_message_pact(char *consumer, char *provider);
uint32_t pactffi_new_async_message(uint16_t pact, char *description);
uint32_t pactffi_new_message(uint16_t pact, char *description);
unsigned char *pactffi_async_message_get_contents_bin(struct AsynchronousMessage *message);
unsigned char *pactffi_message_contents_get_contents_bin(struct MessageContents *contents);
unsigned char *pactffi_message_get_contents_bin(struct Message *message);
unsigned int pactffi_free_message_pact_handle(uint16_t pact);
void pactffi_async_message_delete(struct AsynchronousMessage *message);
void pactffi_async_message_set_contents_bin(
    struct AsynchronousMessage *message, unsigned char *contents, size_t length, char *content_type);
void pactffi_async_message_set_contents_str(struct AsynchronousMessage *message, char *contents, char *content_type);
void pactffi_message_contents_delete(struct MessageContents *contents);
void pactffi_message_contents_set_contents_bin(
    struct MessageContents *contents, unsigned char *bytes, size_t length, char *content_type);
void pactffi_message_contents_set_contents_str(struct MessageContents *contents, char *text, char *content_type);
void pactffi_message_delete(struct Message *message);
void pactffi_message_expects_to_receive(uint32_t message, char *description);
void pactffi_message_given(uint32_t message, char *state);
void pactffi_message_given_with_param(uint32_t message, char *state, char *name, char *value);
void pactffi_message_metadata_iter_delete(struct MessageMetadataIterator *iterator);
void pactffi_message_metadata_pair_delete(struct MessageMetadataPair *pair);
void pactffi_message_pact_delete(struct MessagePact *pact);
void pactffi_message_pact_message_iter_delete(struct MessagePactMessageIterator *iterator);
void pactffi_message_pact_metadata_iter_delete(struct MessagePactMetadataIterator *iterator);
void pactffi_message_pact_metadata_triple_delete(struct MessagePactMetadataTriple *triple);
void pactffi_message_set_contents(struct Message *message, char *contents, char *content_type);
void pactffi_message_set_contents_bin(
    struct Message *message, unsigned char *contents, size_t length, char *content_type);
void pactffi_message_with_contents(uint32_t message, char *content_type, uint8_t *body, size_t size);
void pactffi_message_with_metadata(uint32_t message, char *key, char *value);
void pactffi_message_with_metadata_v2(uint32_t message, char *key, char *value_json);
void pactffi_with_message_pact_metadata(uint16_t pact, char *namespace, char *name, char *value);
