// One key's way to the service: queries, mutations and files by fetch, subscriptions over a socket.
import { Client, type CombinedError, fetchExchange, subscriptionExchange } from "urql";
import type { JobProgressSubscription } from "./generated";
import { KEY_REFUSED, Line, socketFor } from "./socket";

/** Where the service is: this page's own origin, as behind Vite's proxy, unless the build was told another. */
export const ORIGIN = (import.meta.env.VITE_SECRETARY_URL ?? location.origin).replace(/\/$/, "");

const UNREACHABLE =
  `${ORIGIN} does not answer, or not to pages of ${location.origin}: its setting SECRETARY_CORS_ORIGINS must name it.`;

export interface Service {
  client: Client;
  headers: { Authorization: string };
  line: Line;
}

export function serviceFor(key: string): Service {
  const line = new Line();
  const socket = socketFor(`${ORIGIN.replace(/^http/, "ws")}/graphql`, key, line);
  const headers = { Authorization: `Bearer ${key}` };
  const client = new Client({
    url: `${ORIGIN}/graphql`,
    preferGetMethod: false,
    fetchOptions: { headers },
    exchanges: [
      fetchExchange, // sends a File among the variables as a multipart request by itself
      subscriptionExchange({
        forwardSubscription: ({ query = "", variables }) => ({
          subscribe: (sink) => {
            // Sent anew each time the socket comes back, so they say what was seen last.
            const resumed: Record<string, unknown> = { ...variables };
            const unsubscribe = socket.subscribe<JobProgressSubscription, Record<string, unknown>>(
              { query, variables: resumed },
              {
                ...sink,
                next: (result) => {
                  resumed.afterSequence = result.data?.jobProgress.sequence;
                  sink.next(result);
                },
              },
            );
            return { unsubscribe };
          },
        }),
      }),
    ],
  });
  return { client, headers, line };
}

/** What was asked for. A refusal, which is a member of the result's union, is thrown as the sentence to show, and so is an error. */
export function accepted<Result extends object>(result: Result | undefined, error: CombinedError | undefined) {
  const refusal = refusalOf(result, error);
  if (refusal || !result) throw new Error(refusal);
  return result as Exclude<Result, { code: unknown }>;
}

/** Why it was not done, as a sentence; nothing when it was. */
export function refusalOf(result: object | undefined, error: CombinedError | undefined): string | undefined {
  if (error) return sentenceOf(error);
  return result && "code" in result && "message" in result ? String(result.message) : undefined;
}

export function sentenceOf(error: CombinedError): string {
  const closed = error.networkError as Partial<CloseEvent> | undefined;
  if (closed?.code === KEY_REFUSED) return "This API key is not valid (any more).";
  return error.graphQLErrors[0]?.message ?? UNREACHABLE;
}
