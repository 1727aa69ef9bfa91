/* Version (the core's own text), error of this thread, and the release of every `char *` that is given away. */

char *pactffi_version(void);
int pactffi_get_error_message(char *buffer, int length);
void pactffi_free_string(char *text);
void pactffi_string_delete(char *text);
