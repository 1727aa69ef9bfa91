// What the web page expects of the weather service.
const test = require("node:test");
const assert = require("node:assert");
const { PactV4, MatchersV3 } = require("@pact-foundation/pact");
const { decimal, regex } = MatchersV3;

async function temperature(baseUrl, city) { // the code under test
  const response = await fetch(`${baseUrl}/weather/${city}`);
  return (await response.json()).temperature;
}

test("the weather of a city", async () => {
  const pact = new PactV4({ consumer: "web-page", provider: "weather", dir: "pacts", logLevel: "error" });
  await pact
    .addInteraction()
    .given("a city is known", { city: "Wellington" })
    .uponReceiving("a request for the weather")
    .withRequest("GET", "/weather/Wellington")
    .willRespondWith(200, (builder) => builder.jsonBody({ temperature: decimal(15.5), sky: regex("sunny|cloudy", "sunny") }))
    .executeTest(async (server) => assert.equal(await temperature(server.url, "Wellington"), 15.5));
});
