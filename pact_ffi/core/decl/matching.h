/* Matching rules on their own: a definition or a rule against one value. A returned text is the mismatch, NULL a
   match; `cascaded` says that the rule was defined above the value. */

bool pactffi_check_regex(char *regex, char *example);
char *pactffi_matcher_definition_error(struct MatchingRuleDefinitionResult *definition);
char *pactffi_matcher_definition_value(struct MatchingRuleDefinitionResult *definition);
char *pactffi_matches_binary_value(
    struct MatchingRule *rule, unsigned char *expected, uintptr_t expected_length, unsigned char *actual,
    uintptr_t actual_length, uint8_t cascaded);
char *pactffi_matches_bool_value(struct MatchingRule *rule, uint8_t expected, uint8_t actual, uint8_t cascaded);
char *pactffi_matches_f64_value(struct MatchingRule *rule, double expected, double actual, uint8_t cascaded);
char *pactffi_matches_i64_value(struct MatchingRule *rule, int64_t expected, int64_t actual, uint8_t cascaded);
char *pactffi_matches_json_value(struct MatchingRule *rule, char *expected, char *actual, uint8_t cascaded);
char *pactffi_matches_string_value(struct MatchingRule *rule, char *expected, char *actual, uint8_t cascaded);
char *pactffi_matches_u64_value(struct MatchingRule *rule, uint64_t expected, uint64_t actual, uint8_t cascaded);
char *pactffi_matching_rule_reference_name(struct MatchingRuleResult *result);
char *pactffi_matching_rule_to_json(struct MatchingRule *rule);
char *pactffi_matching_rule_value(struct MatchingRuleResult *result);
enum ExpressionValueType pactffi_matcher_definition_value_type(struct MatchingRuleDefinitionResult *definition);
int pactffi_validate_datetime(char *value, char *format);
struct Generator *pactffi_matcher_definition_generator(struct MatchingRuleDefinitionResult *definition);
struct MatchingRule *pactffi_matching_rule_pointer(struct MatchingRuleResult *result);
struct MatchingRuleDefinitionResult *pactffi_parse_matcher_definition(char *definition);
struct MatchingRuleIterator *pactffi_matcher_definition_iter(struct MatchingRuleDefinitionResult *definition);
struct MatchingRuleKeyValuePair *pactffi_matching_rules_iter_next(struct MatchingRuleCategoryIterator *iterator);
struct MatchingRuleResult *pactffi_matching_rule_iter_next(struct MatchingRuleIterator *iterator);
uint16_t pactffi_matching_rule_id(struct MatchingRuleResult *result);
void pactffi_matcher_definition_delete(struct MatchingRuleDefinitionResult *definition);
void pactffi_matching_rule_iter_delete(struct MatchingRuleIterator *iterator);
void pactffi_matching_rules_iter_delete(struct MatchingRuleCategoryIterator *iterator);
void pactffi_matching_rules_iter_pair_delete(struct MatchingRuleKeyValuePair *pair);
