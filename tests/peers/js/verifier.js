// A test of users-api, for pact-js.
// Usage: node verifier.js <pact file> <provider's url> <name that messages carry, as JSON>
const { Verifier, providerWithMetadata } = require("@pact-foundation/pact");
const send = require("./send.js");

const [file, url, nameJson] = process.argv.slice(2);
const name = JSON.parse(nameJson);
const change = (state) => async (params) => {
  const headers = { "Content-Type": "application/json" };
  const answer = await send({ url }, { method: "POST", path: "/_states", headers, body: { state, params, action: "setup" } });
  return JSON.parse(answer.body);
};

new Verifier({
  provider: "users-api",
  providerBaseUrl: url,
  pactUrls: [file],
  logLevel: "error",
  stateHandlers: { "a user exists": change("a user exists"), "user 7 exists": change("user 7 exists") },
  messageProviders: {
    "a user was created": providerWithMetadata(async () => ({ id: 42, name }), { topic: "users", contentType: "application/json" }),
    "a lookup": async () => ({ name }),
  },
})
  .verifyProvider()
  .then((output) => console.log("verified", output))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
