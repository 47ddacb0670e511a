// Markdown as elements: written by a job, or by whoever wrote the document it read, so nothing in it is trusted.

import { element } from "../elements.js";
import { blocks } from "./blocks.js";
import { gathered } from "./marks.js";

const FENCE = "---";
const LONGEST_FRONT_MATTER = 500;
const ENTRY = /^([\w .-]{1,100}):(?:[ \t]+(.*))?$/;
const LONGEST = 200_000;

/** The text as an element. `imageFor(destination, alt)` hands out a picture's element, or null. A long text is shown in parts. */
export function markdown(text, { imageFor = () => null } = {}) {
  const lines = text.replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd").split("\n").map(withoutTabs);
  const front = frontMatter(lines);
  const place = element("div", { class: "markdown" }, front > 0 && facts(lines.slice(1, front - 1)));
  showPart(place, lines, front, { imageFor });
  return place;
}

function showPart(place, lines, from, context) {
  let [end, length] = [from, 0];
  while (end < lines.length && length < LONGEST) length += lines[end++].length + 1;
  // No block is cut in two where a blank line is near.
  const blank = end < lines.length ? lines.lastIndexOf("", end - 1) : -1;
  const until = blank > from ? blank : end;
  place.append(gathered(blocks(lines.slice(from, until), context)));
  if (until >= lines.length) return;
  const more = element("button", { type: "button", class: "button more", onclick: () => {
    more.remove();
    showPart(place, lines, until, context);
  } }, "Show more of it");
  place.append(more);
}

/** How many lines the front matter takes with its fences; 0 where there is none. */
function frontMatter(lines) {
  if (lines[0].trimEnd() !== FENCE) return 0;
  const end = lines.slice(1, LONGEST_FRONT_MATTER).findIndex((line) => line.trimEnd() === FENCE);
  return end < 0 ? 0 : end + 2;
}

function facts(lines) {
  const entries = [];
  for (const line of lines) {
    const entry = ENTRY.exec(line);
    if (entry) entries.push([entry[1].trim(), entry[2] ?? ""]);
    else if (entries.length > 0 && line.trim() !== "") entries.at(-1)[1] += ` ${line.trim()}`;
  }
  if (entries.length === 0) return null;
  return element("dl", { class: "front-matter" }, entries.map(([key, value]) => element("div", {}, element("dt", {}, key), element("dd", {}, value.trim() || "–"))));
}

function withoutTabs(line) {
  return line.replace(/^[ \t]*\t[ \t]*/, (indent) => indent.replaceAll("\t", "    "));
}
