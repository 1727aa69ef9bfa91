/* The provider verifier. NULL leaves an optional text out; flags are 0 or 1; a list is an array of texts with its
   length. `request_timeout_ms` covers one whole request. */

char *pactffi_verifier_json(struct VerifierHandle *verifier);
char *pactffi_verifier_logs(struct VerifierHandle *verifier);
char *pactffi_verifier_logs_for_provider(char *provider);
char *pactffi_verifier_output(struct VerifierHandle *verifier, unsigned char strip_ansi);
int pactffi_verifier_broker_source_with_selectors(
    struct VerifierHandle *verifier, char *url, char *username, char *password, char *token,
    unsigned char enable_pending, char *include_wip_since, char **provider_tags, unsigned short provider_tags_length,
    char *provider_branch, char **selectors, unsigned short selectors_length, char **consumer_tags,
    unsigned short consumer_tags_length);
int pactffi_verifier_execute(struct VerifierHandle *verifier);
int pactffi_verifier_set_coloured_output(struct VerifierHandle *verifier, unsigned char coloured);
int pactffi_verifier_set_no_pacts_is_error(struct VerifierHandle *verifier, unsigned char is_error);
int pactffi_verifier_set_publish_options(
    struct VerifierHandle *verifier, char *provider_version, char *build_url, char **provider_tags,
    unsigned short provider_tags_length, char *provider_branch);
int pactffi_verifier_set_verification_options(
    struct VerifierHandle *verifier, unsigned char disable_ssl_verification, unsigned long request_timeout_ms);
struct VerifierHandle *pactffi_verifier_new(void);
struct VerifierHandle *pactffi_verifier_new_for_application(char *name, char *version);
void pactffi_verifier_add_custom_header(struct VerifierHandle *verifier, char *name, char *value);
void pactffi_verifier_add_directory_source(struct VerifierHandle *verifier, char *directory);
void pactffi_verifier_add_file_source(struct VerifierHandle *verifier, char *file);
void pactffi_verifier_add_provider_transport(
    struct VerifierHandle *verifier, char *protocol, unsigned short port, char *path, char *scheme);
void pactffi_verifier_broker_source(
    struct VerifierHandle *verifier, char *url, char *username, char *password, char *token);
void pactffi_verifier_set_consumer_filters(
    struct VerifierHandle *verifier, char **consumers, unsigned short consumers_length);
void pactffi_verifier_set_filter_info(
    struct VerifierHandle *verifier, char *description, char *state, unsigned char no_state);
void pactffi_verifier_set_follow_redirects(struct VerifierHandle *verifier, unsigned char follow);
void pactffi_verifier_set_provider_info(
    struct VerifierHandle *verifier, char *name, char *scheme, char *host, unsigned short port, char *path);
void pactffi_verifier_set_provider_state(
    struct VerifierHandle *verifier, char *url, unsigned char teardown, unsigned char body);
void pactffi_verifier_shutdown(struct VerifierHandle *verifier);
void pactffi_verifier_url_source(
    struct VerifierHandle *verifier, char *url, char *username, char *password, char *token);
