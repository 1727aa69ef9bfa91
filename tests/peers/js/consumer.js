// A consumer of users-api, for pact-js.
// Usage: node consumer.js <folder for the pact files> <consumer>; writes <consumer>-v2, -v3, -v3-messages and -v4.
const { PactV2, MatchersV2, PactV3, PactV4, MatchersV3: M, SpecificationVersion, MessageConsumerPact } = require("@pact-foundation/pact");
const send = require("./send.js");

const [dir, consumer] = process.argv.slice(2);
const options = (name) => ({ dir, consumer: `${consumer}-${name}`, provider: "users-api", logLevel: "error" });
const json = { "Content-Type": "application/json" };
const getUser = { path: "/users/7?detail=full&detail=tags" };
const newUser = { method: "POST", path: "/users", headers: json, body: { name: "Grace" } };
const detail = ["full", "tags"];
const accept = async () => {};

async function v2() {
  const { like, eachLike, term } = MatchersV2;
  const pact = new PactV2({ ...options("v2"), spec: 2 });
  await pact.setup();
  await pact.addInteraction({
    state: "user 7 exists",
    uponReceiving: "a user",
    withRequest: { method: "GET", path: term({ matcher: "/users/\\d+", generate: "/users/7" }), query: { detail } },
    willRespondWith: { status: 200, headers: json, body: { id: like(7), name: like("Ada"), tags: eachLike("admin") } },
  });
  await send({ url: pact.mockService.baseUrl }, getUser);
  await pact.verify();
  await pact.addInteraction({
    state: undefined,
    uponReceiving: "a new user",
    withRequest: { method: "POST", path: "/users", headers: json, body: { name: like("Grace") } },
    willRespondWith: { status: 201, headers: { ...json, Location: term({ matcher: "/users/\\d+", generate: "/users/8" }) }, body: { id: like(8) } },
  });
  await send({ url: pact.mockService.baseUrl }, newUser);
  await pact.verify();
  await pact.finalize();
}

async function v3() {
  const pact = new PactV3({ ...options("v3"), spec: SpecificationVersion.SPECIFICATION_VERSION_V3 });
  pact
    .given("a user exists", { kind: "admin" })
    .uponReceiving("a user")
    .withRequest({ method: "GET", path: M.fromProviderState("/users/${id}", "/users/7"), query: { detail } })
    .willRespondWith({ status: 200, headers: json, body: { id: M.integer(7), name: M.like("Ada"), tags: M.eachLike("admin") } });
  await pact.executeTest((server) => send(server, getUser));
  pact
    .uponReceiving("a new user")
    .withRequest({ method: "POST", path: "/users", headers: json, body: { name: M.like("Grace") } })
    .willRespondWith({ status: 201, headers: { ...json, Location: M.regex("/users/\\d+", "/users/8") }, body: { id: M.integer(8) } });
  await pact.executeTest((server) => send(server, newUser));
}

async function v3Messages() {
  await new MessageConsumerPact(options("v3-messages"))
    .given({ name: "a user exists", params: { kind: "admin" } })
    .expectsToReceive("a user was created")
    .withContent({ id: M.integer(7), name: M.like("Ada") })
    .withMetadata({ topic: "users" })
    .verify(accept);
}

async function v4() {
  const pact = new PactV4(options("v4"));
  await pact
    .addInteraction()
    .given("a user exists", { kind: "admin" })
    .uponReceiving("a user")
    .withRequest("GET", M.fromProviderState("/users/${id}", "/users/7"), (r) => r.query({ detail }))
    .willRespondWith(200, (r) => r.headers(json).jsonBody({ id: M.integer(7), name: M.like("Ada"), tags: M.eachLike("admin") }))
    .executeTest((server) => send(server, getUser));
  await pact
    .addInteraction()
    .uponReceiving("a new user")
    .withRequest("POST", "/users", (r) => r.headers(json).jsonBody({ name: M.like("Grace") }))
    .willRespondWith(201, (r) => r.headers({ Location: M.regex("/users/\\d+", "/users/8") }).jsonBody({ id: M.integer(8) }))
    .executeTest((server) => send(server, newUser));
  await pact
    .addAsynchronousInteraction()
    .given("a user exists", { kind: "admin" })
    .expectsToReceive("a user was created", (m) => m.withJSONContent({ id: M.integer(7), name: M.like("Ada") }).withMetadata({ topic: "users" }))
    .executeTest(accept);
  await pact
    .addSynchronousInteraction("a lookup")
    .withRequest((m) => m.withJSONContent({ id: M.integer(7) }))
    .withResponse((m) => m.withJSONContent({ name: M.like("Ada") }))
    .executeTest(accept);
}

(async () => {
  for (const part of [v2, v3, v3Messages, v4]) await part();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
