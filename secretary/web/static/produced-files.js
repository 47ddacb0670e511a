// The files a job produced, fetched with the key: as pictures on the page, as text, or into the reader's downloads.

import { element, fill } from "./elements.js";

const NEAR = "300px";

export class ProducedFiles {
  #api;
  #byName;
  #addresses = new Map();
  #watcher;
  #wanted = new WeakMap();

  constructor(api, files) {
    this.#api = api;
    this.files = files;
    this.#byName = new Map(files.map((file) => [file.name, file]));
    this.#watcher = new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting && this.#show(entry.target)), { rootMargin: NEAR });
  }

  /** Give back what the pictures took. */
  stop() {
    this.#watcher.disconnect();
    for (const address of this.#addresses.values()) address.then((url) => URL.revokeObjectURL(url), () => {});
    this.#addresses.clear();
  }

  get(name) {
    return this.#byName.get(name) ?? null;
  }

  /** The file that a link in the file `from` leads to, or null. */
  near(from, link) {
    try {
      const place = new URL("https://files.invalid/");
      place.pathname = from.split("/").map(encodeURIComponent).join("/");
      const found = new URL(link, place);
      return found.origin === place.origin ? this.get(decodeURIComponent(found.pathname.slice(1))) : null;
    } catch {
      return null;
    }
  }

  async text(file) {
    return (await this.#api.file(file.url)).text();
  }

  /** An address for a picture of this page. */
  address(file) {
    if (!this.#addresses.has(file.name)) {
      const made = this.#api.file(file.url).then((blob) => URL.createObjectURL(blob));
      this.#addresses.set(file.name, made);
      made.catch(() => this.#addresses.delete(file.name));
    }
    return this.#addresses.get(file.name);
  }

  /** A picture that is fetched when it comes near to being seen. */
  picture(file, alt) {
    const image = element("img", { alt, class: "produced-picture", "data-state": "waiting" });
    this.#wanted.set(image, file);
    this.#watcher.observe(image);
    return image;
  }

  async #show(image) {
    this.#watcher.unobserve(image);
    try {
      image.src = await this.address(this.#wanted.get(image));
      image.removeAttribute("data-state");
    } catch (error) {
      image.replaceWith(element("span", { class: "picture-left-out" }, `${image.alt}: ${error.message}`));
    }
  }
}

/** A button that fetches a file with the key and hands it to the browser's downloads. */
export function downloadButton({ api, notices }, { url, filename, label, children, kind = "button" }) {
  const button = element("button", { type: "button", class: kind, "aria-label": label, onclick: () => download() });
  fill(button, children);
  const download = async () => {
    button.disabled = true;
    try {
      save(await api.file(url), filename);
    } catch (error) {
      notices.error(error.message);
    }
    button.disabled = false;
  };
  return button;
}

function save(blob, filename) {
  const address = URL.createObjectURL(blob);
  const link = element("a", { href: address, download: filename });
  link.click();
  // The browser begins to read it after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
