// Markdown's tables.

import { element } from "../elements.js";
import { gathered } from "./marks.js";

const DASHES = /^:?-+:?$/;

/** Whether a table begins at a line, and the element of one. */
export const table = {
  begins(lines, at) {
    if (!lines[at].includes("|") || at + 1 >= lines.length) return false;
    const second = cells(lines[at + 1]);
    return lines[at + 1].includes("-") && second.every((cell) => DASHES.test(cell)) && second.length === cells(lines[at]).length;
  },

  take(cursor, inline) {
    const head = cells(cursor.lines[cursor.at]);
    const alignments = cells(cursor.lines[cursor.at + 1]).map(alignment);
    cursor.at += 2;
    const rows = [];
    while (cursor.at < cursor.lines.length && cursor.lines[cursor.at].trim() !== "" && cursor.lines[cursor.at].includes("|")) {
      rows.push(cells(cursor.lines[cursor.at++]));
    }
    const line = (tag, texts) => element("tr", {}, head.map((_, index) => element(tag, { class: alignments[index], scope: tag === "th" ? "col" : null }, inline(texts[index] ?? ""))));
    return element(
      "div",
      { class: "table-place", tabindex: "0", role: "region", "aria-label": "Table" },
      element("table", {}, element("thead", {}, line("th", head)), element("tbody", {}, gathered(rows.map((row) => line("td", row))))),
    );
  },
};

/** The cells of a line; a bar after a backslash is a part of its cell. */
function cells(line) {
  const found = [""];
  const text = line.trim();
  for (let at = text.startsWith("|") ? 1 : 0; at < text.length; at += 1) {
    if (text[at] === "\\" && at + 1 < text.length) {
      found[found.length - 1] += text[at + 1] === "|" ? "|" : text.slice(at, at + 2);
      at += 1;
    } else if (text[at] === "|") {
      if (at < text.length - 1) found.push("");
    } else {
      found[found.length - 1] += text[at];
    }
  }
  return found.map((cell) => cell.trim());
}

function alignment(dashes) {
  if (dashes.endsWith(":")) return dashes.startsWith(":") ? "centred" : "right";
  return null;
}
