/* Version, strings and errors. */

char* pactffi_version(void);
int pactffi_get_error_message(char *, int);
void pactffi_free_string(char *);
void pactffi_string_delete(char *);
