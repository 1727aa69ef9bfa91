/* Generators. */

char* pactffi_generator_generate_string(struct Generator *, char *);
char* pactffi_generator_to_json(struct Generator *);
struct GeneratorKeyValuePair* pactffi_generators_iter_next(struct GeneratorCategoryIterator *);
struct StringResult pactffi_generate_datetime_string(char *);
struct StringResult pactffi_generate_regex_value(char *);
unsigned short pactffi_generator_generate_integer(struct Generator *, char *);
void pactffi_generators_iter_delete(struct GeneratorCategoryIterator *);
void pactffi_generators_iter_pair_delete(struct GeneratorKeyValuePair *);
