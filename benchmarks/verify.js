// Verification in pact-js.  Usage: node verify.js FILE URL; prints one JSON line of seconds.
const { Verifier } = require("@pact-foundation/pact");
const [file, url] = process.argv.slice(2);
(async () => {
  const start = process.hrtime.bigint();
  await new Verifier({ provider: "bench-provider", providerBaseUrl: url, pactUrls: [file], providerStatesSetupUrl: `${url}/states`, logLevel: "error" }).verifyProvider();
  console.log(JSON.stringify([Number(process.hrtime.bigint() - start) / 1e9]));
  process.exit(0);
})();
