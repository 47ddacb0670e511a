// Short notices in a corner of the page: what was done, and what could not be.

import { element, fill } from "../elements.js";
import { icon } from "./icons.js";

const STAYS = { done: 4_000, error: 12_000 };

export class Notices {
  /** The element to put into the page. */
  node = element("div", { class: "notices" });
  #announcer;

  constructor(announcer) {
    this.#announcer = announcer;
  }

  /** Something was done. */
  done(sentence) {
    this.#announcer.say(sentence);
    this.#show("done", sentence);
  }

  /** Something could not be done. */
  error(sentence) {
    this.#show("error", sentence);
  }

  #show(kind, sentence) {
    const gone = () => notice.remove();
    const close = element("button", { type: "button", class: "icon-button", "aria-label": "Close this notice", onclick: gone }, icon("close"));
    const text = element("p", { role: kind === "error" ? "alert" : null });
    const notice = element("div", { class: "toast", "data-kind": kind }, icon(kind === "error" ? "warning" : "check"), text, close);
    this.node.append(notice);
    // A screen reader tells what changes in a region that is there already.
    fill(text, sentence);
    setTimeout(gone, STAYS[kind]);
  }
}
