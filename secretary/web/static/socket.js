// One socket for everything that is live: graphql-transport-ws, found again by itself when it is lost.
//
// States: `connecting` at first, `reading` while what is shown is read again, `live`, and `lost`. Only in `live` is what the page
// shows known to be so. https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md

import { socketAddressOf } from "./addresses.js";
import { errorIn } from "./failures.js";

const PROTOCOL = "graphql-transport-ws";
const FORBIDDEN = 4403;
const PING_EVERY = 8_000;
const PONG_WITHIN = 6_000;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 15_000;

/** Fires `state` whenever the connection's state changes. */
export class Socket extends EventTarget {
  #session;
  #connection = null;
  #operations = new Map();
  #lastId = 0;
  #attempts = 0;
  #timers = { retry: null, ping: null, pong: null };

  constructor(session) {
    super();
    this.#session = session;
    this.state = "connecting";
    this.liveAt = null;
    this.retryAt = null;
    addEventListener("online", () => this.retryNow());
    addEventListener("offline", () => this.#lose());
    document.addEventListener("visibilitychange", () => document.hidden || this.#look());
  }

  get live() {
    return this.state === "live";
  }

  /** Connect with the session's key. */
  open() {
    this.#attempts = 0;
    this.#connect();
  }

  /** End everything, as when the reader signs out. */
  close() {
    this.#drop();
    this.#operations.clear();
    clearTimeout(this.#timers.retry);
    this.#become("connecting");
  }

  /** Try again at once instead of when the delay is over. */
  retryNow() {
    if (this.state !== "lost" || this.#session.key === null) return;
    clearTimeout(this.#timers.retry);
    this.#connect();
  }

  /**
   * Run a subscription until the function that this returns is called, or until it ends by itself. It is begun again on each new
   * connection, with what `variables` (an object, or a function that makes one, for instance with the last sequence seen) then says.
   * `next` is given the data of each event, `complete` and `error` are told how it ended. `reread`, which may return a promise, reads
   * what is shown by a query: it is called at once and after each reconnection, and the page is not live again before it is done; it
   * throws only when the service could not be reached.
   */
  subscribe(document, variables, { next, complete = () => {}, error = () => {}, reread = async () => {} }) {
    const id = String(++this.#lastId);
    const operation = { id, document, variables, next, complete, error, reread };
    this.#operations.set(id, operation);
    if (this.#acknowledged) this.#begin(operation);
    Promise.resolve(reread()).catch(() => {});
    return () => {
      if (this.#operations.delete(id) && this.#acknowledged) this.#send({ id, type: "complete" });
    };
  }

  get #acknowledged() {
    return this.state === "live" || this.state === "reading";
  }

  #connect() {
    this.#drop();
    this.retryAt = null;
    if (this.state === "lost") this.#tell();
    const connection = new WebSocket(socketAddressOf("/graphql"), PROTOCOL);
    this.#connection = connection;
    this.#timers.pong = setTimeout(() => this.#lose(), PONG_WITHIN);
    connection.onopen = () => this.#send({ type: "connection_init", payload: { authorization: `Bearer ${this.#session.key}` } });
    connection.onmessage = (event) => this.#hear(JSON.parse(event.data));
    connection.onclose = (event) => this.#lose(event.code);
  }

  #hear(message) {
    clearTimeout(this.#timers.pong);
    const operation = this.#operations.get(message.id);
    if (message.type === "connection_ack") {
      this.#greeted();
    } else if (message.type === "ping") {
      this.#send({ type: "pong" });
    } else if (message.type === "next") {
      operation?.next(message.payload.data);
    } else if (message.type === "error" || message.type === "complete") {
      this.#operations.delete(message.id);
      if (message.type === "error") operation?.error(errorIn({ errors: message.payload }));
      else operation?.complete();
    }
  }

  async #greeted() {
    const connection = this.#connection;
    this.#become("reading");
    this.#timers.ping = setInterval(() => this.#look(), PING_EVERY);
    const operations = [...this.#operations.values()];
    for (const operation of operations) this.#begin(operation);
    try {
      await Promise.all(operations.map((operation) => operation.reread()));
    } catch {
      // What is shown could not be read again, so it is not called live.
      if (connection === this.#connection) this.#lose();
      return;
    }
    if (connection !== this.#connection) return;
    this.#attempts = 0;
    this.#become("live");
  }

  #begin({ id, document, variables }) {
    const given = typeof variables === "function" ? variables() : variables;
    this.#send({ id, type: "subscribe", payload: { query: document, variables: given } });
  }

  /** Ask whether the other side is still there; it must answer soon. */
  #look() {
    if (!this.#acknowledged) {
      this.retryNow();
      return;
    }
    this.#send({ type: "ping" });
    clearTimeout(this.#timers.pong);
    this.#timers.pong = setTimeout(() => this.#lose(), PONG_WITHIN);
  }

  #lose(code = null) {
    if (this.#session.key === null || this.state === "lost" && this.retryAt !== null) return;
    this.#drop();
    if (code === FORBIDDEN) {
      this.#session.end("Your key opens nothing here any more. Sign in with another one.");
      return;
    }
    // Not all tabs of all readers at the same instant.
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts++) * (0.75 + Math.random() / 2);
    this.retryAt = Date.now() + delay;
    this.#timers.retry = setTimeout(() => this.#connect(), delay);
    this.#become("lost");
  }

  #drop() {
    clearInterval(this.#timers.ping);
    clearTimeout(this.#timers.pong);
    clearTimeout(this.#timers.retry);
    const connection = this.#connection;
    this.#connection = null;
    if (connection === null) return;
    connection.onopen = connection.onmessage = connection.onclose = null;
    connection.close();
  }

  #send(message) {
    if (this.#connection?.readyState === WebSocket.OPEN) this.#connection.send(JSON.stringify(message));
  }

  #become(state) {
    if (this.state === "live") this.liveAt = Date.now();
    this.state = state;
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("state"));
  }
}
