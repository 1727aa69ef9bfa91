/* A consumer in C that loads the same library at run time and adds an interaction to the same pact file.
   Usage: consumer <library> <folder> <consumer> <provider> */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef uint16_t PactHandle;
typedef uint32_t InteractionHandle;

#define LOAD(result, name, ...)                                              \
    result (*name)(__VA_ARGS__) = (result (*)(__VA_ARGS__))dlsym(core, "pactffi_" #name); \
    if (!name) { fprintf(stderr, "no pactffi_" #name "\n"); return 2; }

int main(int count, char **arguments) {
    if (count != 5) return 2;
    void *core = dlopen(arguments[1], RTLD_NOW);
    if (!core) { fprintf(stderr, "%s\n", dlerror()); return 2; }
    LOAD(const char *, version, void)
    LOAD(PactHandle, new_pact, const char *, const char *)
    LOAD(bool, with_specification, PactHandle, int)
    LOAD(InteractionHandle, new_interaction, PactHandle, const char *)
    LOAD(InteractionHandle, new_message_interaction, PactHandle, const char *)
    LOAD(bool, given, InteractionHandle, const char *)
    LOAD(bool, with_request, InteractionHandle, const char *, const char *)
    LOAD(bool, response_status, InteractionHandle, unsigned short)
    LOAD(bool, with_body, InteractionHandle, int, const char *, const char *)
    LOAD(int, pact_handle_write_file, PactHandle, const char *, bool)

    PactHandle pact = new_pact(arguments[3], arguments[4]);
    if (!with_specification(pact, 5)) return 3; /* V4 */
    InteractionHandle user = new_interaction(pact, "a new user, said in C");
    bool said = with_request(user, "POST", "/users") &&
                with_body(user, 0, "application/json", "{\"name\":{\"pact:matcher:type\":\"type\",\"value\":\"Dennis\"}}") &&
                response_status(user, 201) &&
                with_body(user, 1, "application/json", "{\"id\":{\"pact:matcher:type\":\"integer\",\"value\":1}}");
    InteractionHandle event = new_message_interaction(pact, "a user was created, said in C");
    said = said && given(event, "a user exists") &&
           with_body(event, 0, "application/json", "{\"id\":{\"pact:matcher:type\":\"integer\",\"value\":1}}");
    if (!said) return 4;
    printf("%s\n", version());
    return pact_handle_write_file(pact, arguments[2], false);
}
