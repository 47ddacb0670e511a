// Follows one job with the client that CLIENT names, at ADDRESS with KEY, and prints each state and the end as a line of JSON.
// Connections are lost on the way; each client comes back in its own way.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { RetryLink } from "@apollo/client/link/retry";
import { Client as UrqlClient, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import WebSocket from "ws";

const { ADDRESS, KEY, JOB, CLIENT } = process.env;
const query = `subscription Follow($id: ID!, $after: Int) {
  jobProgress(jobId: $id, afterSequence: $after) { sequence status percent job { id results { __typename } } }
}`;
const headers = { Authorization: `Bearer ${KEY}` };
const retry = { retryAttempts: 50, shouldRetry: () => true, retryWait: () => new Promise((done) => setTimeout(done, 50)) };
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");

const sink = {
  next: ({ data, errors }) => say(errors ? { errors } : data.jobProgress),
  error: (error) => { say({ end: "error", message: String(error?.message ?? error) }); process.exit(1); },
  complete: () => { say({ end: "complete" }); process.exit(0); },
};

const overSocket = () => createWsClient({
  url: ADDRESS.replace("http", "ws"), webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${KEY}` }, ...retry,
});

const overApollo = (link) => {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  client.subscribe({ query: gql(query), variables: { id: JOB }, fetchPolicy: "no-cache" })
    .subscribe({ ...sink, next: ({ data, error }) => (error ? sink.error(error) : say(data.jobProgress)) });
};

// Where a client sends the variables anew each time it comes back, they say what was seen last.
const resuming = (subscribe) => {
  const variables = { id: JOB };
  subscribe({ query, variables }, { ...sink, next: (result) => {
    sink.next(result);
    variables.after = result.data?.jobProgress.sequence;
  } });
};

const urql = (options) => {
  const client = new UrqlClient({ url: ADDRESS, fetchOptions: { headers }, preferGetMethod: false, ...options });
  client.subscription(query, { id: JOB }).subscribe(({ data, error, hasNext }) => {
    // urql tells the last result once more with the end.
    if (error) sink.error(error);
    else if (!hasNext) sink.complete();
    else sink.next({ data });
  });
};

const clients = {
  "graphql-ws": () => resuming((payload, to) => overSocket().subscribe(payload, to)),
  "graphql-sse": () => resuming((payload, to) => createSseClient({ url: ADDRESS, headers, ...retry }).subscribe(payload, to)),
  "apollo socket": () => overApollo(new GraphQLWsLink(overSocket())),
  "apollo multipart": () => overApollo(ApolloLink.from([
    new RetryLink({ delay: { initial: 50, max: 200 }, attempts: { max: 50 } }),
    new HttpLink({ uri: ADDRESS, headers }),
  ])),
  "urql socket": () => {
    const socket = overSocket();
    urql({ exchanges: [fetchExchange, subscriptionExchange({
      forwardSubscription: (request) => ({ subscribe: (to) => ({ unsubscribe: socket.subscribe(request, to) }) }),
    })] });
  },
  "urql events": () => urql({ exchanges: [fetchExchange], fetchSubscriptions: true }),
};
clients[CLIENT]();
