// Whose key the dashboard works with. It is kept for this tab, or in this browser when the reader wishes so; it never stands in an
// address or a cookie.

const NAME = "secretary.key";

/** Fires `change` when a key was accepted or given up. */
export class Session extends EventTarget {
  #key = sessionStorage.getItem(NAME) ?? localStorage.getItem(NAME);

  constructor() {
    super();
    this.viewer = null;
    this.reason = null;
    // Signed out in another tab that shares the remembered key: here, too.
    addEventListener("storage", (event) => {
      if (event.key === NAME && event.newValue === null && this.remembered && event.oldValue === this.#key) this.end();
    });
    this.remembered = localStorage.getItem(NAME) !== null && sessionStorage.getItem(NAME) === null;
  }

  /** The key, or null before anybody signed in. */
  get key() {
    return this.#key;
  }

  /** Work with this key from now on; `viewer` is whom it belongs to. */
  begin(key, viewer, { remember }) {
    this.#key = key;
    this.viewer = viewer;
    this.reason = null;
    this.remembered = remember;
    (remember ? localStorage : sessionStorage).setItem(NAME, key);
    (remember ? sessionStorage : localStorage).removeItem(NAME);
    this.dispatchEvent(new Event("change"));
  }

  /** Forget the key; `reason` is a sentence for the sign-in page, when the reader did not ask for it. */
  end(reason = null) {
    if (this.#key === null) return;
    this.#key = null;
    this.viewer = null;
    this.reason = reason;
    sessionStorage.removeItem(NAME);
    localStorage.removeItem(NAME);
    this.dispatchEvent(new Event("change"));
  }
}
