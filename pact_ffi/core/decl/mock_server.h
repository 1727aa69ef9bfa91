/* Mock servers, named by their port. `mismatches` and `logs` belong to the server and end with it; a port below 1 is
   an error code. `address` is an IP address, `config_json` may be NULL. */

bool pactffi_cleanup_mock_server(int32_t port);
bool pactffi_mock_server_matched(int32_t port);
char *pactffi_get_tls_ca_certificate(void);
char *pactffi_mock_server_logs(int32_t port);
char *pactffi_mock_server_mismatches(int32_t port);
int32_t pactffi_create_mock_server_for_transport(
    uint16_t pact, char *address, uint16_t port, char *transport, char *config_json);
int32_t pactffi_write_pact_file(int32_t port, char *directory, bool overwrite);
