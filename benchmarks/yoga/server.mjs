// graphql-yoga with the subscription `jobProgress` over graphql-ws, fed by the same bus, as its documentation shows it.
import { createServer } from "node:http";
import { useServer } from "graphql-ws/use/ws";
import { createPubSub, createSchema, createYoga, Repeater, pipe, map } from "graphql-yoga";
import { createClient } from "redis";
import { WebSocketServer } from "ws";

const { PORT, REDIS_PATH } = process.env;
const pubSub = createPubSub();
const present = { sequence: 1, status: "pending", step: "pending", percent: 0, message: null, timestamp: 0 };
const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs: `
      type Query { ok: Boolean }
      type JobProgress { sequence: Int! status: String! step: String! percent: Int! message: String timestamp: String! }
      type Subscription { jobProgress(jobId: ID!): JobProgress! }`,
    resolvers: {
      Subscription: {
        jobProgress: {
          subscribe: (_, { jobId }) => Repeater.merge([[present], pubSub.subscribe("job", jobId)]),
          resolve: (state) => state,
        },
      },
    },
  }),
});

const server = createServer(yoga);
useServer(
  {
    execute: (args) => args.rootValue.execute(args),
    subscribe: (args) => args.rootValue.subscribe(args),
    onSubscribe: async (ctx, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...ctx, req: ctx.extra.request, socket: ctx.extra.socket, params,
      });
      const args = {
        schema, operationName: params.operationName, document: parse(params.query), variableValues: params.variables,
        contextValue: await contextFactory(), rootValue: { execute, subscribe },
      };
      const errors = validate(args.schema, args.document);
      return errors.length ? errors : args;
    },
  },
  new WebSocketServer({ server, path: "/graphql", perMessageDeflate: false }),
);

const redis = createClient({ socket: { path: REDIS_PATH } });
await redis.connect();
await redis.pSubscribe("secretary:job:*", (message, channel) =>
  pubSub.publish("job", channel.slice("secretary:job:".length), JSON.parse(message)));
server.listen(Number(PORT), "127.0.0.1");
