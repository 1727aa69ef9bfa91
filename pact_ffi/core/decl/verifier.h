/* The provider verifier. */

char* pactffi_verifier_json(struct VerifierHandle *);
char* pactffi_verifier_logs(struct VerifierHandle *);
char* pactffi_verifier_logs_for_provider(char *);
char* pactffi_verifier_output(struct VerifierHandle *, unsigned char);
int pactffi_verifier_broker_source_with_selectors(struct VerifierHandle *, char *, char *, char *, char *, unsigned char, char *, char * *, unsigned short, char *, char * *, unsigned short, char * *, unsigned short);
int pactffi_verifier_execute(struct VerifierHandle *);
int pactffi_verifier_set_coloured_output(struct VerifierHandle *, unsigned char);
int pactffi_verifier_set_no_pacts_is_error(struct VerifierHandle *, unsigned char);
int pactffi_verifier_set_publish_options(struct VerifierHandle *, char *, char *, char * *, unsigned short, char *);
int pactffi_verifier_set_verification_options(struct VerifierHandle *, unsigned char, unsigned long);
struct VerifierHandle* pactffi_verifier_new(void);
struct VerifierHandle* pactffi_verifier_new_for_application(char *, char *);
void pactffi_verifier_add_custom_header(struct VerifierHandle *, char *, char *);
void pactffi_verifier_add_directory_source(struct VerifierHandle *, char *);
void pactffi_verifier_add_file_source(struct VerifierHandle *, char *);
void pactffi_verifier_add_provider_transport(struct VerifierHandle *, char *, unsigned short, char *, char *);
void pactffi_verifier_broker_source(struct VerifierHandle *, char *, char *, char *, char *);
void pactffi_verifier_set_consumer_filters(struct VerifierHandle *, char * *, unsigned short);
void pactffi_verifier_set_filter_info(struct VerifierHandle *, char *, char *, unsigned char);
void pactffi_verifier_set_follow_redirects(struct VerifierHandle *, unsigned char);
void pactffi_verifier_set_provider_info(struct VerifierHandle *, char *, char *, char *, unsigned short, char *);
void pactffi_verifier_set_provider_state(struct VerifierHandle *, char *, unsigned char, unsigned char);
void pactffi_verifier_shutdown(struct VerifierHandle *);
void pactffi_verifier_url_source(struct VerifierHandle *, char *, char *, char *, char *);
