// Shows the view that the address names, in a root of its own, and ends the one before. The focus goes to the new view's heading.

import { element, fill } from "./elements.js";
import { routeFor } from "./routes.js";
import { problem } from "./parts/problem.js";

/** Fires `shown` when another route is shown; `route` says which. */
export class Router extends EventTarget {
  #context;
  #main;
  #leave = () => {};
  #turn = 0;
  #path = null;

  constructor(main, context) {
    super();
    this.#main = main;
    this.#context = context;
    this.route = null;
    this.onHash = () => this.#follow();
  }

  start() {
    addEventListener("hashchange", this.onHash);
    this.#show();
  }

  stop() {
    removeEventListener("hashchange", this.onHash);
    this.#turn += 1;
    this.#leave();
    this.#leave = () => {};
  }

  go(path) {
    location.hash = path;
  }

  #follow() {
    // A view that wrote its own query into the address is still the one to show.
    if (location.hash !== this.#path) this.#show();
  }

  async #show() {
    const turn = ++this.#turn;
    this.#leave();
    this.#leave = () => {};
    this.#path = location.hash;
    const [path, search = ""] = (location.hash.slice(1) || "/").split("?");
    const { route, params } = routeFor(path);
    const first = this.route === null;
    this.route = route;
    this.#title(route.title);
    const root = element("div", { class: "view" });
    this.dispatchEvent(new Event("shown"));
    const leave = await this.#filled(root, route, { params, query: new URLSearchParams(search) });
    if (turn !== this.#turn) {
      leave();
      return;
    }
    this.#leave = leave;
    if (!first) focusHeading(root);
  }

  async #filled(root, route, { params, query }) {
    const [path] = this.#path.split("?");
    const context = {
      ...this.#context,
      params,
      query,
      go: (to) => this.go(to),
      title: (text) => this.#title(text),
      setQuery: (values) => {
        const text = values.toString();
        this.#path = (path || "#/") + (text && `?${text}`);
        history.replaceState(null, "", this.#path);
      },
    };
    fill(this.#main, root);
    try {
      const view = await route.load();
      return (await view.show(root, context)) ?? (() => {});
    } catch (error) {
      fill(root, element("h1", {}, route.title), problem(error));
      if (error instanceof TypeError || error instanceof ReferenceError) console.error(error);
      return () => {};
    }
  }

  #title(text) {
    document.title = `${text} · secretary`;
  }
}

function focusHeading(root) {
  const heading = root.querySelector("h1");
  if (heading === null) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo({ top: 0 });
}
