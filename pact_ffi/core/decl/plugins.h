/* Plugins. */

char* pactffi_get_plugin_logs(char *);
unsigned int pactffi_interaction_contents(uint32_t, enum InteractionPart, char *, char *);
unsigned int pactffi_using_plugin(uint16_t, char *, char *);
unsigned int pactffi_using_plugin_with_delay(uint16_t, char *, char *, uint64_t);
void pactffi_cleanup_plugins(uint16_t);
void pactffi_register_plugin_log_callback(LogCallback);
void pactffi_set_test_run_id(char *);
