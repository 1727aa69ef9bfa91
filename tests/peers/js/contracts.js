// The interactions that test_same_pact_file.py describes in Python, in the words of pact-js.
// Usage: node contracts.js <folder for the pact files> <folder with photo.jpg and blob.bin>
const fs = require("node:fs");
const path = require("node:path");
const { PactV2, MatchersV2, PactV3, PactV4, MatchersV3, SpecificationVersion, MessageConsumerPact, XmlBuilder, HTTPResponseStatusClass } = require("@pact-foundation/pact");
const send = require("./send.js");

const [dir, files] = process.argv.slice(2);
const photo = path.join(files, "photo.jpg");
const blob = path.join(files, "blob.bin");
const bytes = fs.readFileSync(blob); // kept: the core keeps the address of a message's bytes
const json = { "Content-Type": "application/json" };
const quiet = { dir, consumer: "same", logLevel: "error" };

const multipart = (boundary, name, type, contents) =>
  Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="photo.jpg"\r\nContent-Type: ${type}\r\n\r\n`), contents, Buffer.from(`\r\n--${boundary}--\r\n`)]);

async function v2() {
  const { like, eachLike, term, integer, decimal, boolean, string } = MatchersV2;
  const pact = new PactV2({ ...quiet, provider: "v2", spec: 2 });
  await pact.setup();
  const server = { url: pact.mockService.baseUrl };
  const interaction = async (object, request) => {
    await pact.addInteraction(object);
    await send(server, request);
    await pact.verify();
  };
  await interaction(
    {
      state: "there are orders",
      uponReceiving: "a search with a repeated parameter",
      withRequest: { method: "GET", path: "/orders", query: { tag: ["new", "paid"], page: "2" }, headers: { Accept: "application/json" } },
      willRespondWith: { status: 200, headers: json, body: { orders: eachLike({ id: like(7), sku: term({ matcher: "[A-Z]{3}-\\d+", generate: "ABC-12" }) }, { min: 2 }) } },
    },
    { path: "/orders?tag=new&tag=paid&page=2", headers: { Accept: "application/json" } },
  );
  await interaction(
    {
      state: undefined,
      uponReceiving: "an order that is placed",
      withRequest: {
        method: "POST",
        path: term({ matcher: "^/orders/\\d+$", generate: "/orders/12" }),
        headers: { ...json, Authorization: term({ matcher: "Bearer .+", generate: "Bearer abc" }) },
        body: { amount: like(12.5), items: eachLike("pen"), note: "plain", nested: { deep: like({ colour: "red", sizes: [1, 2] }) } },
      },
      willRespondWith: { status: 201, headers: { Location: term({ matcher: ".*/orders/\\d+", generate: "http://localhost/orders/12" }) } },
    },
    { method: "POST", path: "/orders/12", headers: { ...json, Authorization: "Bearer abc" }, body: { amount: 12.5, items: ["pen"], note: "plain", nested: { deep: { colour: "red", sizes: [1, 2] } } } },
  );
  await interaction(
    {
      state: undefined,
      uponReceiving: "a removal",
      withRequest: { method: "DELETE", path: "/orders/12", query: { reason: term({ matcher: "\\w+", generate: "late" }) } },
      willRespondWith: { status: 204 },
    },
    { method: "DELETE", path: "/orders/12?reason=late" },
  );
  await interaction(
    {
      state: "the shop is open",
      uponReceiving: "a greeting in text",
      withRequest: { method: "GET", path: "/greeting" },
      willRespondWith: { status: 200, headers: { "Content-Type": "text/plain" }, body: "Good morning" },
    },
    { path: "/greeting" },
  );
  await interaction(
    {
      state: undefined,
      uponReceiving: "values of every JSON type",
      withRequest: { method: "GET", path: "/types" },
      willRespondWith: { status: 200, headers: json, body: { int: integer(3), dec: decimal(2.5), yes: boolean(true), text: string("s"), none: null, list: [1, "a", false], empty: {} } },
    },
    { path: "/types" },
  );
  await pact.finalize();
}

async function v3() {
  const M = MatchersV3;
  const interaction = async (describe, request) => {
    const pact = new PactV3({ ...quiet, provider: "v3", spec: SpecificationVersion.SPECIFICATION_VERSION_V3 });
    describe(pact);
    await pact.executeTest(async (server) => { await send(server, request); });
  };
  await interaction(
    (pact) =>
      pact
        .given("a user exists", { id: 10, name: "Ada" })
        .given("the user is logged in")
        .uponReceiving("a query with matchers")
        .withRequest({ method: "GET", path: M.regex("/users/\\d+", "/users/10"), query: { q: ["a", "b"], limit: M.integer(5), since: M.regex("\\d{4}", "2020") }, headers: { Accept: ["text/plain", "application/json"], "X-Trace": M.like("t1") } })
        .willRespondWith({ status: 200, headers: json, body: { id: M.integer(10) } }),
    { path: "/users/10?q=a&q=b&limit=5&since=2020", headers: { Accept: "text/plain, application/json", "X-Trace": "t1" } },
  );
  await interaction(
    (pact) =>
      pact
        .uponReceiving("every scalar matcher")
        .withRequest({ method: "GET", path: "/scalars" })
        .willRespondWith({
          status: 200,
          headers: json,
          body: {
            like: M.like("x"), integer: M.integer(3), decimal: M.decimal(2.5), number: M.number(4), boolean: M.boolean(false),
            string: M.string("s"), regex: M.regex("a+b", "aab"), includes: M.includes("mid"), none: M.nullValue(),
            date: M.date("yyyy-MM-dd", "2020-02-29"), time: M.time("HH:mm:ss", "13:14:15"),
            datetime: M.datetime("yyyy-MM-dd'T'HH:mm:ss", "2020-02-29T13:14:15"),
            millis: M.timestamp("yyyy-MM-dd'T'HH:mm:ss.SSS", "2020-02-29T13:14:15.123"),
          },
        }),
    { path: "/scalars" },
  );
  await interaction(
    (pact) =>
      pact
        .uponReceiving("lists of every size")
        .withRequest({ method: "POST", path: "/lists", headers: json, body: { each: M.eachLike({ a: M.integer(1) }, 2), one: M.atLeastOneLike("x"), least: M.atLeastLike(1, 2, 3), most: M.atMostLike("y", 3), both: M.constrainedArrayLike(true, 1, 4) } })
        .willRespondWith({ status: 200, headers: json, body: M.eachLike(M.like({ id: 1 })) }),
    { method: "POST", path: "/lists", headers: json, body: { each: [{ a: 1 }, { a: 1 }], one: ["x"], least: [1, 1, 1], most: ["y"], both: [true] } },
  );
  await interaction(
    (pact) =>
      pact
        .given("an account exists")
        .uponReceiving("values of a provider state")
        .withRequest({ method: "PUT", path: M.fromProviderState("/accounts/${id}", "/accounts/9"), query: { owner: M.fromProviderState("${owner}", "ada") }, headers: { ...json, "X-Account": M.fromProviderState("${id}", "9") }, body: { owner: M.fromProviderState("${owner}", "ada") } })
        .willRespondWith({ status: 200, headers: json, body: { id: M.fromProviderState("${id}", "9") } }),
    { method: "PUT", path: "/accounts/9?owner=ada", headers: { ...json, "X-Account": "9" }, body: { owner: "ada" } },
  );
  await interaction(
    (pact) =>
      pact
        .uponReceiving("a document with repeated elements")
        .withRequest({ method: "GET", path: "/projects" })
        .willRespondWith({
          status: 200,
          headers: { "Content-Type": "application/xml" },
          body: new XmlBuilder("1.0", "UTF-8", "projects").build((root) => {
            root.setAttributes({ id: "1234" });
            root.eachLike("project", { id: M.integer(1), type: "activity", name: M.string("Project 1") }, (project) => {
              project.appendElement("tasks", {}, (tasks) => tasks.eachLike("task", { id: M.integer(1), done: M.boolean(true) }, undefined, { examples: 3 }));
            }, { min: 1, examples: 2 });
          }),
        }),
    { path: "/projects" },
  );
  await interaction(
    (pact) =>
      pact
        .uponReceiving("an upload of bytes")
        .withRequestBinaryFile({ method: "PUT", path: "/blob" }, "application/octet-stream", blob)
        .willRespondWith({ status: 201 }),
    { method: "PUT", path: "/blob", headers: { "Content-Type": "application/octet-stream" }, body: bytes },
  );
  await interaction(
    (pact) =>
      pact
        .uponReceiving("an upload in a form")
        .withRequestMultipartFileUpload({ method: "POST", path: "/photos" }, "image/jpeg", photo, "photo", "pact-boundary")
        .willRespondWith({ status: 201 }),
    { method: "POST", path: "/photos", headers: { "Content-Type": "multipart/form-data; boundary=pact-boundary" }, body: multipart("pact-boundary", "photo", "image/jpeg", fs.readFileSync(photo)) },
  );
  await interaction(
    (pact) =>
      pact
        .uponReceiving("a download of bytes")
        .withRequest({ method: "GET", path: "/photo" })
        .withResponseBinaryFile({ status: 200, headers: { "Cache-Control": "no-cache, no-store" } }, "image/jpeg", photo),
    { path: "/photo" },
  );
  await interaction(
    (pact) =>
      pact
        .uponReceiving("a form")
        .withRequest({ method: "POST", path: "/form", headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "name=Ada+Lovelace&age=36&tag=a&tag=b" })
        .willRespondWith({ status: 303, headers: { Location: "/done" } }),
    { method: "POST", path: "/form", headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "name=Ada+Lovelace&age=36&tag=a&tag=b" },
  );
}

async function v3Messages() {
  const M = MatchersV3;
  const pact = new MessageConsumerPact({ ...quiet, provider: "v3-messages" });
  const accept = async () => {};
  await pact
    .given({ name: "an order was paid", params: { id: "7" } })
    .expectsToReceive("an event in JSON")
    .withContent({ id: M.integer(7), tags: M.eachLike("new"), when: M.datetime("yyyy-MM-dd'T'HH:mm:ss", "2020-02-29T13:14:15") })
    .withMetadata({ topic: "orders", partition: M.regex("p\\d", "p1") })
    .verify(accept);
  await pact.expectsToReceive("an event in text").withTextContent("paid 7", "text/plain").verify(accept);
  await pact.expectsToReceive("an event in bytes").withBinaryContent(bytes, "application/octet-stream").verify(accept);
}

async function v4() {
  const M = MatchersV3;
  const pact = new PactV4({ ...quiet, provider: "v4" });
  const run = (interaction, request) => interaction.executeTest(async (server) => { await send(server, request); });
  const begin = (description) => pact.addInteraction().uponReceiving(description);
  await run(
    begin("repeated names and values with commas")
      .withRequest("GET", "/search", (r) => r.query({ q: ["x,y", "z"], empty: "" }).headers({ Accept: ["text/html", "text/plain"], "If-None-Match": '"a,b"' }))
      .willRespondWith(200, (r) => r.headers({ Vary: "Accept, Origin", Link: M.regex("<.+>; rel=\"next\"", '</2>; rel="next"') }).jsonBody([1, 2])),
    { path: "/search?q=x,y&q=z&empty=", headers: { Accept: "text/html, text/plain", "If-None-Match": '"a,b"' } },
  );
  await run(
    begin("keys and values of maps")
      .withRequest("GET", "/maps")
      .willRespondWith(200, (r) =>
        r.jsonBody({
          keys: M.eachKeyMatches({ k1: "v" }, M.regex("k\\d", "k1")),
          values: M.eachValueMatches({ a: 1 }, M.integer(1)),
          both: M.like({ inner: M.eachValueMatches({ x: "2020" }, [M.regex("\\d{4}", "2020")]) }),
        }),
      ),
    { path: "/maps" },
  );
  await run(
    begin("an array that contains variants")
      .withRequest("GET", "/siren")
      .willRespondWith(200, (r) => r.jsonBody({ actions: M.arrayContaining({ name: "update", method: M.regex("PUT|PATCH", "PUT") }, { name: "delete", href: M.like("/x") }, "plain") })),
    { path: "/siren" },
  );
  await run(
    begin("any status of success").withRequest("GET", "/status").willRespondWith(M.matchStatus(201, HTTPResponseStatusClass.Success)),
    { path: "/status" },
  );
  await run(
    begin("everything that is said about an interaction")
      .given("state one")
      .given("state two", { when: "now", count: 2 })
      .pending(true)
      .comment("a line of text")
      .comment({ key: "owner", value: "team a" })
      .testName("orders > lists them")
      .reference("jira", "ticket", "ABC-1")
      .withRequest("GET", "/annotated")
      .willRespondWith(200),
    { path: "/annotated" },
  );
  await run(
    begin("an XML request with texts and attributes")
      .withRequest("POST", "/xml", (r) =>
        r.headers({ "Content-Type": "application/xml" }).xmlBody(
          new XmlBuilder("1.0", "UTF-8", "order").build((root) => {
            root.setAttributes({ no: "7" });
            root.appendElement("customer", { vip: M.boolean(true) }, M.string("Ada"));
            root.appendElement("item", { sku: M.regex("[A-Z]\\d", "A1") }, (item) => item.appendText(M.regex("\\d+", "3")));
          }),
        ),
      )
      .willRespondWith(202),
    { method: "POST", path: "/xml", headers: { "Content-Type": "application/xml" }, body: '<?xml version="1.0"?><order no="7"><customer vip="true">Ada</customer><item sku="A1">3</item></order>' },
  );
  await run(
    begin("a file that is sent")
      .withRequest("PUT", "/copy", (r) => r.binaryFile("application/octet-stream", blob))
      .willRespondWith(200, (r) => r.headers({ "Content-Type": "application/hal+json" }).jsonBody({ _links: {} })),
    { method: "PUT", path: "/copy", headers: { "Content-Type": "application/octet-stream" }, body: bytes },
  );
  await run(
    begin("a file that is received").withRequest("GET", "/copy").willRespondWith(200, (r) => r.binaryFile("image/jpeg", photo)),
    { path: "/copy" },
  );
  await run(
    begin("a text that is received").withRequest("GET", "/notes").willRespondWith(200, (r) => r.body("text/plain", Buffer.from("a,b\n1,2\n"))),
    { path: "/notes" },
  );
  await run(
    begin("a multipart request")
      .withRequest("POST", "/bundle", (r) => r.multipartBody("image/jpeg", photo, "picture", "own-boundary"))
      .willRespondWith(204),
    { method: "POST", path: "/bundle", headers: { "Content-Type": "multipart/form-data; boundary=own-boundary" }, body: multipart("own-boundary", "picture", "image/jpeg", fs.readFileSync(photo)) },
  );
  await run(
    begin("rules beside a body")
      .withRequest("POST", "/rules", (r) =>
        r
          .query({ page: "1" })
          .headers({ "X-Id": "a1" })
          .jsonBody({ id: 5, name: "n" })
          .matchingRules({ body: { path: "$.id", rules: [M.integer(5)] }, header: { path: "X-Id", rules: [M.regex("[a-z]\\d", "a1")] }, query: { path: "page", rules: [M.regex("\\d+", "1")] } }),
      )
      .willRespondWith(200, (r) => r.jsonBody({ rows: [{ n: 1 }, { n: 2 }] }).matchingRules({ body: { path: "$.rows[*].n", rules: [M.integer(1)] } })),
    { method: "POST", path: "/rules?page=1", headers: { ...json, "X-Id": "a1" }, body: { id: 5, name: "n" } },
  );
  await run(
    begin("a small change")
      .withRequest("PATCH", "/small", (r) => r.query({ v: M.includes("1") }).headers(json).jsonBody({ a: M.like(1) }))
      .willRespondWith(200, (r) => r.headers({ ETag: M.string("v2") }).jsonBody({ ok: true, uuid: M.uuid("936da01f-9abd-4d9d-80c7-02af85c822a8") })),
    { method: "PATCH", path: "/small?v=1", headers: json, body: { a: 1 } },
  );
  await run(
    begin("values that are generated")
      .withRequest("GET", "/generated")
      .willRespondWith(200, (r) => r.jsonBody({ when: M.datetime("yyyy-MM-dd", "2020-02-29"), link: M.url2("http://localhost:1234", ["orders", M.regex("\\d+", "12")]), own: M.url(["orders", "12"]), id: M.fromProviderState("${id}", 12) })),
    { path: "/generated" },
  );
  await run(
    begin("words of many scripts")
      .given("größer als 5 €")
      .withRequest("POST", "/words", (r) => r.headers({ "Content-Type": "application/json; charset=utf-8" }).jsonBody({ "schlüssel": "日本語", emoji: M.like("🎉"), "a.b c": M.integer(1), "$ref": M.string("x") }))
      .willRespondWith(200, (r) => r.jsonBody({ greeting: "Grüße" })),
    { method: "POST", path: "/words", headers: { "Content-Type": "application/json; charset=utf-8" }, body: { "schlüssel": "日本語", emoji: "🎉", "a.b c": 1, $ref: "x" } },
  );

  const accept = async () => {};
  const text = Buffer.from("paid 7\0"); // pact-js hands the buffer to C as it is, which reads up to a NUL
  await pact
    .addAsynchronousInteraction()
    .given("an order was paid", { id: 7 })
    .expectsToReceive("an asynchronous message in JSON", (m) => m.withJSONContent({ id: M.integer(7), tags: M.eachLike("new", 2) }).withMetadata({ contentType: "application/json", topic: "orders", key: M.regex("k\\d", "k1") }))
    .executeTest(accept);
  await pact
    .addAsynchronousInteraction()
    .pending(true)
    .comment("not yet sent")
    .testName("events > text")
    .reference("docs", "adr", "adr-12")
    .expectsToReceive("an asynchronous message in text", (m) => m.withContent("text/plain", text).withMetadata({ contentType: "text/plain" }))
    .executeTest(accept);
  await pact
    .addAsynchronousInteraction()
    .expectsToReceive("an asynchronous message in bytes", (m) => m.withContent("application/octet-stream", bytes).withMetadata({ contentType: "application/octet-stream" }))
    .executeTest(accept);
  await pact
    .addAsynchronousInteraction()
    .expectsToReceive("an asynchronous message whose type nobody states", (m) => m.withJSONContent([1]))
    .executeTest(accept);
  await pact
    .addSynchronousInteraction("a synchronous message with matchers")
    .given("a calculator")
    .withRequest((m) => m.withJSONContent({ add: M.eachLike(1, 2) }))
    .withResponse((m) => m.withJSONContent({ sum: M.integer(2) }))
    .executeTest(accept);
  await pact
    .addSynchronousInteraction("a synchronous message in text")
    .pending(true)
    .comment({ key: "owner", value: "team b" })
    .testName("rpc > text")
    .withRequest((m) => m.withContent("text/plain", Buffer.from("ping")))
    .withResponse((m) => m.withContent("text/plain", Buffer.from("pong")))
    .executeTest(accept);
}

(async () => {
  for (const part of [v2, v3, v3Messages, v4]) await part();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
