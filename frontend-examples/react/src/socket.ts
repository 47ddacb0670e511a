// The socket for subscriptions: it comes back whenever it is lost, unless the service will not have the key.
import { createClient } from "graphql-ws";

/** The code that a socket with a wrong key is closed with. */
export const KEY_REFUSED = 4403;

const LONGEST_PAUSE = 15_000;
const SILENCE = 20_000;
const PATIENCE = 5_000;

/** Whether the line is lost, for useSyncExternalStore. */
export class Line {
  private lost = false;
  private listeners = new Set<() => void>();

  isLost = () => this.lost;

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  tell(lost: boolean) {
    this.lost = lost;
    for (const listener of this.listeners) listener();
  }
}

export function socketFor(url: string, key: string, line: Line) {
  let patience: number;
  const socket = createClient({
    url,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: Infinity,
    retryWait: (retries) => new Promise((resume) => setTimeout(resume, Math.min(1000 * 2 ** retries, LONGEST_PAUSE))),
    shouldRetry: (closed) => (closed as Partial<CloseEvent>).code !== KEY_REFUSED,
    keepAlive: SILENCE,
    on: {
      connected: () => line.tell(false),
      closed: (closed) => line.tell(!(closed as CloseEvent).wasClean),
      // A line that died without a word is ended here, and then comes back like any other.
      ping: (received) => {
        if (!received) patience = setTimeout(() => socket.terminate(), PATIENCE);
      },
      pong: () => clearTimeout(patience),
    },
  });
  return socket;
}
