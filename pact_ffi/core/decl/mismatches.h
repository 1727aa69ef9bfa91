/* Mismatches of messages. */

char* pactffi_mismatch_ansi_description(struct Mismatch *);
char* pactffi_mismatch_description(struct Mismatch *);
char* pactffi_mismatch_summary(struct Mismatch *);
char* pactffi_mismatch_to_json(struct Mismatch *);
char* pactffi_mismatch_type(struct Mismatch *);
struct Mismatch* pactffi_mismatches_iter_next(struct MismatchesIterator *);
struct Mismatches* pactffi_match_message(struct Message *, struct Message *);
struct MismatchesIterator* pactffi_mismatches_get_iter(struct Mismatches *);
void pactffi_mismatches_delete(struct Mismatches *);
void pactffi_mismatches_iter_delete(struct MismatchesIterator *);
