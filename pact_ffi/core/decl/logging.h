/* Logging of the core. */

char* pactffi_fetch_log_buffer(char *);
int pactffi_log_to_buffer(enum LevelFilter);
int pactffi_log_to_file(char *, enum LevelFilter);
int pactffi_log_to_stderr(enum LevelFilter);
int pactffi_log_to_stdout(enum LevelFilter);
int pactffi_logger_apply(void);
int pactffi_logger_attach_sink(char *, enum LevelFilter);
void pactffi_enable_ansi_support(void);
void pactffi_init(char *);
void pactffi_init_with_log_level(char *);
void pactffi_log_message(char *, char *, char *);
void pactffi_logger_init(void);
void pactffi_register_log_callback(LogCallback);
void pactffi_set_log_callback_level(enum LevelFilter);
