// The files that are to be sent: chosen or dropped, wherever on the page; each is sent once, however often the form is.

/** Fires `change` when a file comes, goes or moves on. */
export class StagedFiles extends EventTarget {
  /** Each with `file`, `sent` (0 to 1), `id` once the service keeps it, and `error`. */
  files = [];

  add(files) {
    for (const file of files) this.files.push({ file, sent: 0, id: null, error: null });
    this.#tell();
  }

  /** In the place of all others, one that the service has already. */
  keep(id, name) {
    this.files = [{ file: { name, size: null }, sent: 1, id, error: null }];
    this.#tell();
  }

  remove(staged) {
    this.files = this.files.filter((each) => each !== staged);
    this.#tell();
  }

  clear() {
    this.files = [];
    this.#tell();
  }

  /** Send those that were not sent yet, two at a time; says whether all are there. */
  async send(api, signal) {
    const waiting = this.files.filter((staged) => staged.id === null);
    const next = async () => {
      for (let staged = waiting.shift(); staged; staged = waiting.shift()) await this.#sendOne(staged, api, signal);
    };
    await Promise.all([next(), next()]);
    return this.files.every((staged) => staged.id !== null);
  }

  async #sendOne(staged, api, signal) {
    const tell = (values) => {
      Object.assign(staged, values);
      this.#tell();
    };
    tell({ error: null, sent: 0 });
    try {
      const result = await api.upload(staged.file, { onProgress: (sent) => tell({ sent }), signal });
      tell(result.__typename.endsWith("Error") ? { error: result.message } : { id: result.file.id, sent: 1 });
    } catch (error) {
      tell({ error: error.message });
    }
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
