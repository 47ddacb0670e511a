// The one form before GraphiQL. A kept key is tried at once.
import { useEffect, useState } from 'react';

import { keepKey, ownerOf } from './key.js';

export function KeyForm({ address, kept, onEnter }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(kept !== null);

  async function enter(key, keep) {
    setBusy(true);
    try {
      const owner = await ownerOf(key, address);
      keep();
      onEnter({ key, ...owner });
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  }

  useEffect(() => {
    if (kept !== null) enter(kept, () => {});
    // Only when the page opens: later it is the reader who enters one.
  }, []);

  function submit(event) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const key = fields.get('key').trim();
    enter(key, () => keepKey(key, { inBrowser: fields.has('keep') }));
  }

  return (
    <form className="key" onSubmit={submit}>
      <h1>secretary</h1>
      <label>
        API key
        <input name="key" type="password" autoComplete="off" spellCheck={false} required autoFocus />
      </label>
      <label className="choice">
        <input name="keep" type="checkbox" /> Keep it in this browser; otherwise only while this tab is open
      </label>
      <button type="submit" disabled={busy}>
        Open GraphiQL
      </button>
      <p role="alert">{problem}</p>
      <p className="hint">
        <code>secretary up</code> prints the first key; <code>secretary key create</code> makes others.
      </p>
    </form>
  );
}
