// Runs every audit of `graphql-http` against the server at ADDRESS with the key KEY and prints one JSON object for each.
import { serverAudits } from 'graphql-http';

const { ADDRESS, KEY } = process.env;

function fetchFn(url, options = {}) {
  const headers = new Headers(options.headers);
  headers.set('Authorization', `Bearer ${KEY}`);
  return fetch(url, { ...options, headers });
}

for (const audit of serverAudits({ url: ADDRESS, fetchFn })) {
  const { id, name, status, reason } = await audit.fn();
  console.log(JSON.stringify({ id, name, status, reason }));
}
