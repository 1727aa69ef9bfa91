/* Synchronous messages: a request with any number of responses, counted from 0 by `index`. The setters of the
   models keep the pointer that they are given. */

char *pactffi_sync_message_generate_contents(uint32_t message);
char *pactffi_sync_message_get_description(struct SynchronousMessage *message);
char *pactffi_sync_message_get_request_contents_str(struct SynchronousMessage *message);
char *pactffi_sync_message_get_response_contents_str(struct SynchronousMessage *message, size_t index);
char *pactffi_sync_message_match_response_contents(uint32_t message, size_t index, char *content_type, char *contents);
int pactffi_sync_message_set_description(struct SynchronousMessage *message, char *description);
size_t pactffi_sync_message_get_number_responses(struct SynchronousMessage *message);
size_t pactffi_sync_message_get_request_contents_length(struct SynchronousMessage *message);
size_t pactffi_sync_message_get_response_contents_length(struct SynchronousMessage *message, size_t index);
struct MessageContents *pactffi_sync_message_generate_request_contents(struct SynchronousMessage *message);
struct MessageContents *pactffi_sync_message_generate_response_contents(
    struct SynchronousMessage *message, size_t index);
struct MessageContents *pactffi_sync_message_get_request_contents(struct SynchronousMessage *message);
struct MessageContents *pactffi_sync_message_get_response_contents(struct SynchronousMessage *message, size_t index);
struct ProviderState *pactffi_sync_message_get_provider_state(struct SynchronousMessage *message, unsigned int index);
struct ProviderStateIterator *pactffi_sync_message_get_provider_state_iter(struct SynchronousMessage *message);
struct SynchronousMessage *pactffi_sync_message_new(void);
unsigned char *pactffi_sync_message_get_request_contents_bin(struct SynchronousMessage *message);
unsigned char *pactffi_sync_message_get_response_contents_bin(struct SynchronousMessage *message, size_t index);
void pactffi_sync_message_delete(struct SynchronousMessage *message);
void pactffi_sync_message_set_request_contents_bin(
    struct SynchronousMessage *message, unsigned char *contents, size_t length, char *content_type);
void pactffi_sync_message_set_request_contents_str(
    struct SynchronousMessage *message, char *contents, char *content_type);
void pactffi_sync_message_set_response_contents_bin(
    struct SynchronousMessage *message, size_t index, unsigned char *contents, size_t length, char *content_type);
void pactffi_sync_message_set_response_contents_str(
    struct SynchronousMessage *message, size_t index, char *contents, char *content_type);
