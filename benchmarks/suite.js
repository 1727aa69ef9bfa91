// The consumer suite in pact-js.  Usage: node suite.js FOLDER COUNT; prints one JSON line of seconds.
const { PactV4, MatchersV3 } = require("@pact-foundation/pact");
const http = require("http");
const [folder, count] = [process.argv[2], Number(process.argv[3])];
const { integer, decimal, boolean, string, regex, eachLike } = MatchersV3;
const address = () => ({ street: string("Main Street 1"), city: string("Berlin"), country: string("Germany") });
// the order of order.py
const expected = (number) => ({
  id: integer(number),
  number: regex("A-\\d{6}", "A-000017"),
  email: regex("[^@\\s]+@[^@\\s]+\\.[a-z]+", "ada@example.org"),
  phone: regex("\\+\\d{2} \\d{2,5} \\d{4,9}", "+49 30 1234567"),
  currency: regex("[A-Z]{3}", "EUR"),
  created: regex("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z", "2024-05-17T10:00:00Z"),
  status: regex("open|paid|sent", "open"),
  postcode: regex("\\d{5}", "10115"),
  quantity: integer(3), version: integer(12),
  total: decimal(19.99), tax: decimal(3.19),
  paid: boolean(true), gift: boolean(false),
  customer: string("Ada Lovelace"), channel: string("web"), note: string("leave it at the door"),
  address: address(),
  lines: eachLike({ sku: string("KB-1"), name: string("Keyboard"), quantity: integer(2) }),
  labels: eachLike(string("express")),
});
const { reify } = MatchersV3;
const agent = new http.Agent({ keepAlive: false });

function post(port, path, sent) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port, path, method: "POST", agent, headers: { "Content-Type": "application/json" } },
      (response) => { response.resume(); response.on("end", () => (response.statusCode === 200 ? resolve() : reject(response.statusCode))); });
    request.on("error", reject);
    request.end(JSON.stringify(sent));
  });
}

(async () => {
  const times = [];
  for (let number = 0; number < count; number++) {
    const start = process.hrtime.bigint();
    const pact = new PactV4({ consumer: "bench-consumer", provider: "bench-provider", dir: folder, logLevel: "error", host: "127.0.0.1" });
    await pact.addInteraction().given(`state ${number}`).uponReceiving(`request ${String(number).padStart(4, "0")}`)
      .withRequest("POST", `/orders/${number}`, (builder) => builder.jsonBody(expected(number)))
      .willRespondWith(200, (builder) => builder.jsonBody(expected(number)))
      .executeTest((server) => post(server.port, `/orders/${number}`, reify(expected(number))));
    times.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  console.log(JSON.stringify(times));
  process.exit(0);
})();
