// The consumer suite in pact-js.  Usage: node suite.js FOLDER COUNT; prints one JSON line of seconds.
const { PactV4, MatchersV3 } = require("@pact-foundation/pact");
const http = require("http");
const [folder, count] = [process.argv[2], Number(process.argv[3])];
const expected = {}, sent = {};
for (let n = 0; n < 20; n++) { expected[`field${n}`] = MatchersV3.like(`value ${n}`); sent[`field${n}`] = `value ${n}`; }
const agent = new http.Agent({ keepAlive: false });

function post(port, path) {
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
      .withRequest("POST", `/things/${number}`, (builder) => builder.jsonBody(expected))
      .willRespondWith(200, (builder) => builder.jsonBody(expected))
      .executeTest((server) => post(server.port, `/things/${number}`));
    times.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  console.log(JSON.stringify(times));
  process.exit(0);
})();
