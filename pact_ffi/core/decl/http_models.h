/* HTTP interactions as the core reads them. */

char* pactffi_sync_http_get_description(struct SynchronousHttp *);
char* pactffi_sync_http_get_request_contents(struct SynchronousHttp *);
char* pactffi_sync_http_get_response_contents(struct SynchronousHttp *);
int pactffi_sync_http_set_description(struct SynchronousHttp *, char *);
size_t pactffi_sync_http_get_request_contents_length(struct SynchronousHttp *);
size_t pactffi_sync_http_get_response_contents_length(struct SynchronousHttp *);
struct GeneratorCategoryIterator* pactffi_request_contents_get_generators_iter(struct HttpRequest *, enum GeneratorCategory);
struct GeneratorCategoryIterator* pactffi_response_contents_get_generators_iter(struct HttpResponse *, enum GeneratorCategory);
struct HttpRequest* pactffi_sync_http_get_request(struct SynchronousHttp *);
struct HttpResponse* pactffi_sync_http_get_response(struct SynchronousHttp *);
struct MatchingRuleCategoryIterator* pactffi_request_contents_get_matching_rule_iter(struct HttpRequest *, enum MatchingRuleCategory);
struct MatchingRuleCategoryIterator* pactffi_response_contents_get_matching_rule_iter(struct HttpResponse *, enum MatchingRuleCategory);
struct ProviderState* pactffi_sync_http_get_provider_state(struct SynchronousHttp *, unsigned int);
struct ProviderStateIterator* pactffi_sync_http_get_provider_state_iter(struct SynchronousHttp *);
struct SynchronousHttp* pactffi_sync_http_new(void);
unsigned char* pactffi_sync_http_get_request_contents_bin(struct SynchronousHttp *);
unsigned char* pactffi_sync_http_get_response_contents_bin(struct SynchronousHttp *);
void pactffi_sync_http_delete(struct SynchronousHttp *);
void pactffi_sync_http_set_request_contents(struct SynchronousHttp *, char *, char *);
void pactffi_sync_http_set_request_contents_bin(struct SynchronousHttp *, unsigned char *, size_t, char *);
void pactffi_sync_http_set_response_contents(struct SynchronousHttp *, char *, char *);
void pactffi_sync_http_set_response_contents_bin(struct SynchronousHttp *, unsigned char *, size_t, char *);
