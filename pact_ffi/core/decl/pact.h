/* A pact under construction: handle (a number that can be used again after its release), metadata, file. NULL as
   `directory` is the current one. */

bool pactffi_with_pact_metadata(uint16_t pact, char *namespace, char *name, char *value);
bool pactffi_with_specification(uint16_t pact, enum PactSpecification version);
enum PactSpecification pactffi_handle_get_pact_spec_version(uint16_t pact);
int32_t pactffi_pact_handle_write_file(uint16_t pact, char *directory, bool overwrite);
uint16_t pactffi_new_pact(char *consumer, char *provider);
unsigned int pactffi_free_pact_handle(uint16_t pact);
