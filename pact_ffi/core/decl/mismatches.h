/* Mismatches of `match_message`. Iterator and items end with the `mismatches` that they come from. */

char *pactffi_mismatch_ansi_description(struct Mismatch *mismatch);
char *pactffi_mismatch_description(struct Mismatch *mismatch);
char *pactffi_mismatch_summary(struct Mismatch *mismatch);
char *pactffi_mismatch_to_json(struct Mismatch *mismatch);
char *pactffi_mismatch_type(struct Mismatch *mismatch);
struct Mismatch *pactffi_mismatches_iter_next(struct MismatchesIterator *iterator);
struct Mismatches *pactffi_match_message(struct Message *expected, struct Message *actual);
struct MismatchesIterator *pactffi_mismatches_get_iter(struct Mismatches *mismatches);
void pactffi_mismatches_delete(struct Mismatches *mismatches);
void pactffi_mismatches_iter_delete(struct MismatchesIterator *iterator);
