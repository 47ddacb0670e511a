// Asks before something is lost.

import { element } from "./elements.js";

/** Ask a question; the promise says whether the reader wants it. Escape and Cancel are no; the focus returns to where it was. */
export function confirmed({ title, sentence, action }) {
  const heading = element("h2", { id: "dialog-title" }, title);
  const text = element("p", { id: "dialog-text" }, sentence);
  const buttons = element(
    "div",
    { class: "dialog-buttons" },
    element("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Keep it"),
    element("button", { type: "button", class: "button danger", onclick: () => dialog.close("yes") }, action),
  );
  const dialog = element("dialog", { "aria-labelledby": heading.id, "aria-describedby": text.id }, heading, text, buttons);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
