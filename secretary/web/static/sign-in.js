// The way in: a key, entered once.

import { graphql } from "./api.js";
import { element, say } from "./elements.js";
import { KeyRefused } from "./failures.js";
import { problem } from "./parts/problem.js";
import { themeChoice } from "./shell.js";

const VIEWER = graphql`
  query Viewer {
    viewer {
      userId
      isAdmin
    }
  }
`;

/** Whom a key belongs to; throws KeyRefused when it opens nothing. */
export async function viewerOf(api, key) {
  // It travels in a header, which takes nothing else.
  if (!/^[\x21-\x7e]+$/.test(key)) throw new KeyRefused();
  return (await api.ask(VIEWER, {}, { key })).viewer;
}

/** The page that asks for the key. With an `error`, the service could not be reached; `retry` looks again. */
export function signIn({ api, session, error, retry }) {
  const said = element("p", { class: "field-error", id: "key-error", role: "alert" }, session.reason);
  const key = element("input", {
    id: "key", name: "key", type: "password", autocomplete: "current-password", spellcheck: "false",
    required: true, "aria-describedby": "key-error key-hint", placeholder: "sec_…",
  });
  const remember = element("input", { id: "remember", type: "checkbox" });
  const button = element("button", { type: "submit", class: "button primary" }, "Sign in");
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    say(said, "");
    try {
      const secret = key.value.trim();
      session.begin(secret, await viewerOf(api, secret), { remember: remember.checked });
    } catch (refusal) {
      say(said, refusal.message);
      key.setAttribute("aria-invalid", "true");
      key.select();
      button.disabled = false;
    }
  };
  document.title = "Sign in · secretary";
  const form = element(
    "form",
    { class: "sign-in-form", onsubmit: submit },
    element("label", { for: "key" }, "API key"),
    key,
    said,
    element("p", { class: "hint", id: "key-hint" }, "It was printed when the service started, and lies in its data folder as ", element("code", {}, "api-key"), "."),
    element("div", { class: "check" }, remember, element("label", { for: "remember" }, "Keep me signed in on this browser")),
    button,
  );
  requestAnimationFrame(() => key.focus());
  return element(
    "main",
    { class: "sign-in" },
    element("img", { src: "web/icon.svg", alt: "", width: "48", height: "48" }),
    element("h1", {}, "secretary"),
    element("p", { class: "lead" }, "Documents in, structured results out."),
    error && problem(error, { retry }),
    form,
    themeChoice(),
  );
}
