/* Types that the functions share: handles are numbers, models are opaque. */

enum ExpressionValueType {
    ExpressionValueType_Unknown = 0, ExpressionValueType_String = 1, ExpressionValueType_Number = 2,
    ExpressionValueType_Integer = 3, ExpressionValueType_Decimal = 4, ExpressionValueType_Boolean = 5
};
enum GeneratorCategory {
    GeneratorCategory_METHOD = 0, GeneratorCategory_PATH = 1, GeneratorCategory_HEADER = 2,
    GeneratorCategory_QUERY = 3, GeneratorCategory_BODY = 4, GeneratorCategory_STATUS = 5,
    GeneratorCategory_METADATA = 6
};
enum InteractionPart { InteractionPart_Request = 0, InteractionPart_Response = 1 };
enum LevelFilter {
    LevelFilter_Off = 0, LevelFilter_Error = 1, LevelFilter_Warn = 2, LevelFilter_Info = 3, LevelFilter_Debug = 4,
    LevelFilter_Trace = 5
};
enum MatchingRuleCategory {
    MatchingRuleCategory_METHOD = 0, MatchingRuleCategory_PATH = 1, MatchingRuleCategory_HEADER = 2,
    MatchingRuleCategory_QUERY = 3, MatchingRuleCategory_BODY = 4, MatchingRuleCategory_STATUS = 5,
    MatchingRuleCategory_CONTENTS = 6, MatchingRuleCategory_METADATA = 7
};
enum PactSpecification {
    PactSpecification_Unknown = 0, PactSpecification_V1 = 1, PactSpecification_V1_1 = 2, PactSpecification_V2 = 3,
    PactSpecification_V3 = 4, PactSpecification_V4 = 5
};
enum StringResult_Tag { StringResult_Ok = 0, StringResult_Failed = 1 };

struct AsynchronousMessage;
struct Consumer;
struct Generator;
struct GeneratorCategoryIterator;
struct HttpRequest;
struct HttpResponse;
struct MatchingRule;
struct MatchingRuleCategoryIterator;
struct MatchingRuleDefinitionResult;
struct MatchingRuleIterator;
struct MatchingRuleResult;
struct Message;
struct MessageContents;
struct MessageMetadataIterator;
struct MessagePact;
struct MessagePactMessageIterator;
struct MessagePactMetadataIterator;
struct Mismatch;
struct Mismatches;
struct MismatchesIterator;
struct Pact;
struct PactAsyncMessageIterator;
struct PactInteraction;
struct PactInteractionIterator;
struct PactMessageIterator;
struct PactSyncHttpIterator;
struct PactSyncMessageIterator;
struct Provider;
struct ProviderState;
struct ProviderStateIterator;
struct ProviderStateParamIterator;
struct SynchronousHttp;
struct SynchronousMessage;
struct VerifierHandle;

struct GeneratorKeyValuePair { char *path; struct Generator *generator; };
struct MatchingRuleKeyValuePair { char *path; struct MatchingRule *rule; };
struct MessageMetadataPair { char *key; char *value; };
struct MessagePactMetadataTriple { char *outer_key; char *inner_key; char *value; };
struct ProviderStateParamPair { char *key; char *value; };

/* The core has a union of two `char *` here, `ok` and `failed`; one member says the same,
   and ABI mode can return a struct without a union by value. */
struct StringResult { enum StringResult_Tag tag; char *value; };

/* Called on the thread that logs; the texts are the core's and end with the call, which must not call the core. */
typedef void (*LogCallback)(char *log_id, char *test_run_id, char *level, char *target, char *message);
