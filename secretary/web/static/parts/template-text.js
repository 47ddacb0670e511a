// A template's text, with what is filled in marked: fields with their questions, variables by their names.

import { element } from "../elements.js";

/** The nodes of the text. */
export function templateText(text) {
  const nodes = [];
  const asked = new Set();
  let at = 0;
  for (;;) {
    let opened = text.indexOf("{{", at);
    const closed = opened < 0 ? -1 : text.indexOf("}}", opened + 2);
    if (closed < 0) return element("pre", { class: "template-text" }, nodes, text.slice(at));
    // Of three braces in a row the first stands for itself.
    while (text[opened + 2] === "{") opened += 1;
    nodes.push(text.slice(at, opened), placeholder(text.slice(opened + 2, closed), asked));
    at = closed + 2;
  }
}

function placeholder(inner, asked) {
  // {{"…"}} is written out as it is.
  if (inner.startsWith('"')) return `{{${inner}}}`;
  const bar = inner.indexOf("|");
  const name = (bar < 0 ? inner : inner.slice(0, bar)).trim();
  if (bar < 0) return element("mark", { class: asked.has(name) ? "template-field" : "template-variable" }, name);
  asked.add(name);
  return element("mark", { class: "template-field" }, element("strong", {}, name), " ", inner.slice(bar + 1).trim());
}
