/* HTTP interactions as the core reads them from a pact. Only for looking: the setters keep the pointer that they are
   given. `request`, `response`, provider states and `_bin` contents belong to the interaction. */

char *pactffi_sync_http_get_description(struct SynchronousHttp *http);
char *pactffi_sync_http_get_request_contents(struct SynchronousHttp *http);
char *pactffi_sync_http_get_response_contents(struct SynchronousHttp *http);
int pactffi_sync_http_set_description(struct SynchronousHttp *http, char *description);
size_t pactffi_sync_http_get_request_contents_length(struct SynchronousHttp *http);
size_t pactffi_sync_http_get_response_contents_length(struct SynchronousHttp *http);
struct GeneratorCategoryIterator *pactffi_request_contents_get_generators_iter(
    struct HttpRequest *request, enum GeneratorCategory category);
struct GeneratorCategoryIterator *pactffi_response_contents_get_generators_iter(
    struct HttpResponse *response, enum GeneratorCategory category);
struct HttpRequest *pactffi_sync_http_get_request(struct SynchronousHttp *http);
struct HttpResponse *pactffi_sync_http_get_response(struct SynchronousHttp *http);
struct MatchingRuleCategoryIterator *pactffi_request_contents_get_matching_rule_iter(
    struct HttpRequest *request, enum MatchingRuleCategory category);
struct MatchingRuleCategoryIterator *pactffi_response_contents_get_matching_rule_iter(
    struct HttpResponse *response, enum MatchingRuleCategory category);
struct ProviderState *pactffi_sync_http_get_provider_state(struct SynchronousHttp *http, unsigned int index);
struct ProviderStateIterator *pactffi_sync_http_get_provider_state_iter(struct SynchronousHttp *http);
struct SynchronousHttp *pactffi_sync_http_new(void);
unsigned char *pactffi_sync_http_get_request_contents_bin(struct SynchronousHttp *http);
unsigned char *pactffi_sync_http_get_response_contents_bin(struct SynchronousHttp *http);
void pactffi_sync_http_delete(struct SynchronousHttp *http);
void pactffi_sync_http_set_request_contents(struct SynchronousHttp *http, char *contents, char *content_type);
void pactffi_sync_http_set_request_contents_bin(
    struct SynchronousHttp *http, unsigned char *contents, size_t length, char *content_type);
void pactffi_sync_http_set_response_contents(struct SynchronousHttp *http, char *contents, char *content_type);
void pactffi_sync_http_set_response_contents_bin(
    struct SynchronousHttp *http, unsigned char *contents, size_t length, char *content_type);
