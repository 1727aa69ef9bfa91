/* Plugins, loaded for one pact. `delay_ms` is how long to wait for the plugin to settle. */

char *pactffi_get_plugin_logs(char *plugin_instance_id);
unsigned int pactffi_interaction_contents(
    uint32_t interaction, enum InteractionPart part, char *content_type, char *contents);
unsigned int pactffi_using_plugin(uint16_t pact, char *name, char *version);
unsigned int pactffi_using_plugin_with_delay(uint16_t pact, char *name, char *version, uint64_t delay_ms);
void pactffi_cleanup_plugins(uint16_t pact);
void pactffi_register_plugin_log_callback(LogCallback callback);
void pactffi_set_test_run_id(char *test_run_id);
