/* Logging of the core: one set-up per process. `level` is the least important level that is wanted; NULL as
   `log_id` means all threads. */

char *pactffi_fetch_log_buffer(char *log_id);
int pactffi_log_to_buffer(enum LevelFilter level);
int pactffi_log_to_file(char *file_name, enum LevelFilter level);
int pactffi_log_to_stderr(enum LevelFilter level);
int pactffi_log_to_stdout(enum LevelFilter level);
int pactffi_logger_apply(void);
int pactffi_logger_attach_sink(char *sink, enum LevelFilter level);
void pactffi_enable_ansi_support(void);
void pactffi_init(char *level_variable);
void pactffi_init_with_log_level(char *level);
void pactffi_log_message(char *source, char *level, char *message);
void pactffi_logger_init(void);
void pactffi_register_log_callback(LogCallback callback);
void pactffi_set_log_callback_level(enum LevelFilter level);
