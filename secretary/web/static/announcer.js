// The one live region of the page: what a screen reader says of things that happen elsewhere, in good time and never in floods.

import { element } from "./elements.js";

const PAUSE = 2_500;
const LONGEST_QUEUE = 3;

export class Announcer {
  #region = element("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  #waiting = [];
  #timer = null;

  /** The element to put into the page. */
  get region() {
    return this.#region;
  }

  /** Say a sentence soon. When more happens than can be said, the newest is. */
  say(sentence) {
    if (this.#waiting.at(-1) === sentence) return;
    this.#waiting.push(sentence);
    while (this.#waiting.length > LONGEST_QUEUE) this.#waiting.shift();
    if (this.#timer === null) this.#next();
  }

  #next() {
    const sentence = this.#waiting.shift();
    if (sentence === undefined) {
      this.#timer = null;
      return;
    }
    this.#region.textContent = sentence;
    this.#timer = setTimeout(() => this.#next(), PAUSE);
  }
}
