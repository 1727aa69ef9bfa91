/* Mock servers. */

bool pactffi_cleanup_mock_server(int32_t);
bool pactffi_mock_server_matched(int32_t);
char* pactffi_get_tls_ca_certificate(void);
char* pactffi_mock_server_logs(int32_t);
char* pactffi_mock_server_mismatches(int32_t);
int32_t pactffi_create_mock_server_for_transport(uint16_t, char *, uint16_t, char *, char *);
int32_t pactffi_write_pact_file(int32_t, char *, bool);
