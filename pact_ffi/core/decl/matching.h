/* Matching rules and values. */

bool pactffi_check_regex(char *, char *);
char* pactffi_matcher_definition_error(struct MatchingRuleDefinitionResult *);
char* pactffi_matcher_definition_value(struct MatchingRuleDefinitionResult *);
char* pactffi_matches_binary_value(struct MatchingRule *, unsigned char *, uintptr_t, unsigned char *, uintptr_t, uint8_t);
char* pactffi_matches_bool_value(struct MatchingRule *, uint8_t, uint8_t, uint8_t);
char* pactffi_matches_f64_value(struct MatchingRule *, double, double, uint8_t);
char* pactffi_matches_i64_value(struct MatchingRule *, int64_t, int64_t, uint8_t);
char* pactffi_matches_json_value(struct MatchingRule *, char *, char *, uint8_t);
char* pactffi_matches_string_value(struct MatchingRule *, char *, char *, uint8_t);
char* pactffi_matches_u64_value(struct MatchingRule *, uint64_t, uint64_t, uint8_t);
char* pactffi_matching_rule_reference_name(struct MatchingRuleResult *);
char* pactffi_matching_rule_to_json(struct MatchingRule *);
char* pactffi_matching_rule_value(struct MatchingRuleResult *);
enum ExpressionValueType pactffi_matcher_definition_value_type(struct MatchingRuleDefinitionResult *);
int pactffi_validate_datetime(char *, char *);
struct Generator* pactffi_matcher_definition_generator(struct MatchingRuleDefinitionResult *);
struct MatchingRule* pactffi_matching_rule_pointer(struct MatchingRuleResult *);
struct MatchingRuleDefinitionResult* pactffi_parse_matcher_definition(char *);
struct MatchingRuleIterator* pactffi_matcher_definition_iter(struct MatchingRuleDefinitionResult *);
struct MatchingRuleKeyValuePair* pactffi_matching_rules_iter_next(struct MatchingRuleCategoryIterator *);
struct MatchingRuleResult* pactffi_matching_rule_iter_next(struct MatchingRuleIterator *);
uint16_t pactffi_matching_rule_id(struct MatchingRuleResult *);
void pactffi_matcher_definition_delete(struct MatchingRuleDefinitionResult *);
void pactffi_matching_rule_iter_delete(struct MatchingRuleIterator *);
void pactffi_matching_rules_iter_delete(struct MatchingRuleCategoryIterator *);
void pactffi_matching_rules_iter_pair_delete(struct MatchingRuleKeyValuePair *);
