// One request to a mock server, as it is: repeated headers, any body, nothing added.
const http = require("node:http");

module.exports = (server, { method = "GET", path, headers = {}, body }) =>
  new Promise((resolve, reject) => {
    const payload = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    const all = payload === undefined ? headers : { "Content-Length": payload.length, ...headers };
    const request = http.request(new URL(path, server.url), { method, headers: all, agent: false }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    request.on("error", reject);
    request.end(payload);
  });
