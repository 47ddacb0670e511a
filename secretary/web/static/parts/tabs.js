// Tabs as the ARIA practices have them: one in the tab order, arrows between them, and a panel that is filled when it is first wanted.

import { element, fill, mark } from "../elements.js";
import { problem } from "./problem.js";

let made = 0;

export class Tabs {
  #prefix = `tabs-${++made}`;
  #list;
  #panels = element("div", { class: "tab-panels" });
  #tabs = [];
  #onChoice;
  #own = false;

  /** `onChoice(id)` is told what the reader chose. */
  constructor({ label, onChoice = () => {} }) {
    this.#onChoice = onChoice;
    this.#list = element("div", { class: "tab-list", role: "tablist", "aria-label": label, onkeydown: (event) => this.#walk(event) });
    this.node = element("section", { class: "tabs", "aria-label": label }, this.#list, this.#panels);
    this.chosen = null;
  }

  /** Show these: `{ id, text, count, load }`, where `load()` makes the panel's content, or a promise of it. `wanted` is shown first. */
  set(panels, wanted = null) {
    const focused = this.#list.contains(document.activeElement);
    this.#tabs = panels.map((panel) => this.#tab(panel));
    fill(this.#list, this.#tabs.map(({ tab }) => tab));
    fill(this.#panels, this.#tabs.map(({ place }) => place));
    const known = (id) => panels.some((panel) => panel.id === id);
    // What the reader chose stays; what was shown by itself gives way to what is more to the point.
    const first = this.#own && known(this.chosen) ? this.chosen : known(wanted) ? wanted : panels[0].id;
    this.#show(first);
    if (focused) this.#tabs.find(({ id }) => id === first).tab.focus();
  }

  /** The reader had chosen this one before. */
  choose(id) {
    this.#own = true;
    this.chosen = id;
  }

  #tab({ id, text, count, load }) {
    const [tabId, placeId] = [`${this.#prefix}-${id}`, `${this.#prefix}-${id}-panel`];
    const choose = () => this.#choose(id);
    const tab = element(
      "button",
      { type: "button", role: "tab", id: tabId, "aria-controls": placeId, "aria-selected": "false", tabindex: "-1", onclick: choose },
      text,
      count !== undefined && element("span", { class: "tab-count" }, ` ${count.toLocaleString("en")}`),
    );
    const place = element("div", { role: "tabpanel", id: placeId, "aria-labelledby": tabId, tabindex: "0", hidden: true });
    return { id, tab, place, load, isFilled: false };
  }

  #choose(id) {
    this.#own = true;
    this.#show(id);
    this.#onChoice(id);
  }

  #show(id) {
    this.chosen = id;
    for (const each of this.#tabs) {
      const shown = each.id === id;
      mark(each.tab, "aria-selected", String(shown));
      mark(each.tab, "tabindex", shown ? "0" : "-1");
      each.place.hidden = !shown;
      if (shown && !each.isFilled) fillPanel(each);
    }
  }

  #walk(event) {
    const place = this.#tabs.findIndex(({ tab }) => tab === event.target);
    const last = this.#tabs.length - 1;
    const to = { ArrowRight: place === last ? 0 : place + 1, ArrowLeft: place === 0 ? last : place - 1, Home: 0, End: last }[event.key];
    if (place < 0 || to === undefined) return;
    event.preventDefault();
    this.#choose(this.#tabs[to].id);
    this.#tabs[to].tab.focus();
  }
}

async function fillPanel(each) {
  each.isFilled = true;
  const { place, load } = each;
  try {
    const content = load();
    if (content instanceof Promise) {
      fill(place, element("p", { class: "muted" }, "Loading …"));
      fill(place, await content);
    } else {
      fill(place, content);
    }
  } catch (error) {
    fill(place, problem(error, { retry: () => fillPanel(each) }));
  }
}
