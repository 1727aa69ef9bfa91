/* Generators: what makes the values of an example at run time. Strings and pairs that are returned are the
   caller's, and go back with the delete function of their kind; `context_json` is a JSON object or NULL. */

char *pactffi_generator_generate_string(struct Generator *generator, char *context_json);
char *pactffi_generator_to_json(struct Generator *generator);
struct GeneratorKeyValuePair *pactffi_generators_iter_next(struct GeneratorCategoryIterator *iterator);
struct StringResult pactffi_generate_datetime_string(char *format);
struct StringResult pactffi_generate_regex_value(char *regex);
unsigned short pactffi_generator_generate_integer(struct Generator *generator, char *context_json);
void pactffi_generators_iter_delete(struct GeneratorCategoryIterator *iterator);
void pactffi_generators_iter_pair_delete(struct GeneratorKeyValuePair *pair);
