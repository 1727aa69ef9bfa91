/* A pact under construction: handle, metadata, file. */

bool pactffi_with_pact_metadata(uint16_t, char *, char *, char *);
bool pactffi_with_specification(uint16_t, enum PactSpecification);
enum PactSpecification pactffi_handle_get_pact_spec_version(uint16_t);
int32_t pactffi_pact_handle_write_file(uint16_t, char *, bool);
uint16_t pactffi_new_pact(char *, char *);
unsigned int pactffi_free_pact_handle(uint16_t);
