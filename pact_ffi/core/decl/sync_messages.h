/* Synchronous messages and their models. */

char* pactffi_sync_message_generate_contents(uint32_t);
char* pactffi_sync_message_get_description(struct SynchronousMessage *);
char* pactffi_sync_message_get_request_contents_str(struct SynchronousMessage *);
char* pactffi_sync_message_get_response_contents_str(struct SynchronousMessage *, size_t);
char* pactffi_sync_message_match_response_contents(uint32_t, size_t, char *, char *);
int pactffi_sync_message_set_description(struct SynchronousMessage *, char *);
size_t pactffi_sync_message_get_number_responses(struct SynchronousMessage *);
size_t pactffi_sync_message_get_request_contents_length(struct SynchronousMessage *);
size_t pactffi_sync_message_get_response_contents_length(struct SynchronousMessage *, size_t);
struct MessageContents* pactffi_sync_message_generate_request_contents(struct SynchronousMessage *);
struct MessageContents* pactffi_sync_message_generate_response_contents(struct SynchronousMessage *, size_t);
struct MessageContents* pactffi_sync_message_get_request_contents(struct SynchronousMessage *);
struct MessageContents* pactffi_sync_message_get_response_contents(struct SynchronousMessage *, size_t);
struct ProviderState* pactffi_sync_message_get_provider_state(struct SynchronousMessage *, unsigned int);
struct ProviderStateIterator* pactffi_sync_message_get_provider_state_iter(struct SynchronousMessage *);
struct SynchronousMessage* pactffi_sync_message_new(void);
unsigned char* pactffi_sync_message_get_request_contents_bin(struct SynchronousMessage *);
unsigned char* pactffi_sync_message_get_response_contents_bin(struct SynchronousMessage *, size_t);
void pactffi_sync_message_delete(struct SynchronousMessage *);
void pactffi_sync_message_set_request_contents_bin(struct SynchronousMessage *, unsigned char *, size_t, char *);
void pactffi_sync_message_set_request_contents_str(struct SynchronousMessage *, char *, char *);
void pactffi_sync_message_set_response_contents_bin(struct SynchronousMessage *, size_t, unsigned char *, size_t, char *);
void pactffi_sync_message_set_response_contents_str(struct SynchronousMessage *, size_t, char *, char *);
