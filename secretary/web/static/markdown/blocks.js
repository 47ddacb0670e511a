// Markdown's blocks as elements: headings, paragraphs, lists, quotations, code, rules. HTML is text like any other.

import { element } from "../elements.js";
import { inline } from "./inline.js";
import { gathered, linkTarget } from "./marks.js";
import { table } from "./tables.js";

const DEEPEST = 12;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+|$)/;
const FENCE = /^( {0,3})(`{3,}|~{3,})[ \t]*([^`]*)$/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(?: {1,4}(?=\S)| *$)/;
const TASK = /^\[([ xX])\][ \t]+/;
const COMMENT = /^ {0,3}<!--/;
const VIDEO = /^<video [^<>]{0,200}?src="([^"<>]{1,2000})"[^<>]{0,200}><\/video>\s*$/;
const PAGE = /^ {0,3}<!-- page (\d+) -->\s*$/;

/** The elements of these lines. `context` holds `imageFor`, as inline() takes it. */
export function blocks(lines, context, depth = 0) {
  const nodes = [];
  const cursor = { lines, at: 0 };
  while (cursor.at < lines.length) {
    if (lines[cursor.at].trim() === "") {
      cursor.at += 1;
      continue;
    }
    const rule = RULES.find(({ nests, fits }) => (!nests || depth < DEEPEST) && fits(lines[cursor.at], cursor));
    nodes.push(rule.take(cursor, context, depth));
  }
  return nodes.filter(Boolean);
}

const RULES = [
  { fits: (line) => COMMENT.test(line), take: comment },
  { fits: (line) => VIDEO.test(line), take: video },
  { fits: (line) => FENCE.test(line), take: fencedCode },
  { fits: (line) => HEADING.test(line), take: heading },
  { fits: (line) => RULE.test(line), take: rule },
  { nests: true, fits: (line) => QUOTE.test(line), take: quotation },
  { nests: true, fits: (line) => ITEM.test(line), take: list },
  { fits: (line) => line.startsWith("    "), take: indentedCode },
  { fits: (line, { lines, at }) => table.begins(lines, at), take: (cursor, context) => table.take(cursor, (text) => inline(text, context.imageFor)) },
  { fits: () => true, take: paragraph },
];

// A paragraph ends where one of these begins; a number does so only at 1, as a year at a line's begin is no list.
function interrupts(line) {
  const item = ITEM.exec(line);
  if (item) return line.length > item[0].length && (/^[-*+]/.test(item[2]) || item[2].length === 2 && item[2][0] === "1");
  return HEADING.test(line) || FENCE.test(line) || RULE.test(line) || QUOTE.test(line) || COMMENT.test(line);
}

function comment(cursor) {
  const page = PAGE.exec(cursor.lines[cursor.at]);
  while (cursor.at < cursor.lines.length && !cursor.lines[cursor.at++].includes("-->"));
  return page && element("p", { class: "markdown-page" }, `Page ${page[1]}`);
}

// A session's report holds its video so. Other hosts are not asked for anything here, but a link may lead to them.
function video(cursor) {
  const target = linkTarget(VIDEO.exec(cursor.lines[cursor.at++])[1].replaceAll("&amp;", "&"));
  return target && element("p", {}, element("a", { href: target, rel: "noopener noreferrer", target: "_blank" }, "The video"));
}

function fencedCode(cursor) {
  const [, indent, fence] = FENCE.exec(cursor.lines[cursor.at++]);
  const code = [];
  while (cursor.at < cursor.lines.length) {
    const line = cursor.lines[cursor.at++];
    const closing = line.trim();
    if (closing.length >= fence.length && closing === fence[0].repeat(closing.length)) break;
    code.push(line.startsWith(indent) ? line.slice(indent.length) : line.trimStart());
  }
  return codeBlock(code);
}

function indentedCode(cursor) {
  const code = [];
  while (cursor.at < cursor.lines.length && (cursor.lines[cursor.at].startsWith("    ") || cursor.lines[cursor.at].trim() === "")) {
    code.push(cursor.lines[cursor.at++].slice(4));
  }
  while (code.at(-1).trim() === "") code.pop();
  return codeBlock(code);
}

function codeBlock(lines) {
  return element("pre", { tabindex: "0" }, element("code", {}, lines.join("\n")));
}

function heading(cursor, context) {
  const line = cursor.lines[cursor.at++];
  const [begin, marks] = HEADING.exec(line);
  const text = line.slice(begin.length).trimEnd().replace(/(?:^|[ \t])#+$/, "");
  return headingElement(marks.length, text.trim(), context);
}

// The page's own title is its only <h1>.
function headingElement(level, text, { imageFor }) {
  return element(`h${Math.min(level + 1, 6)}`, {}, inline(text, imageFor));
}

function rule(cursor) {
  cursor.at += 1;
  return element("hr");
}

function quotation(cursor, context, depth) {
  const inner = [];
  while (cursor.at < cursor.lines.length) {
    const line = cursor.lines[cursor.at];
    if (!QUOTE.test(line) && (line.trim() === "" || interrupts(line))) break;
    inner.push(line.replace(QUOTE, ""));
    cursor.at += 1;
  }
  return element("blockquote", {}, gathered(blocks(inner, context, depth + 1)));
}

function list(cursor, context, depth) {
  const [, , marker] = ITEM.exec(cursor.lines[cursor.at]);
  const kind = marker.at(-1);
  const ordered = kind === "." || kind === ")";
  const items = [];
  let loose = false;
  while (cursor.at < cursor.lines.length) {
    const match = ITEM.exec(cursor.lines[cursor.at]);
    if (!match || match[2].at(-1) !== kind || RULE.test(cursor.lines[cursor.at])) break;
    const item = listItem(cursor, match);
    const goesOn = cursor.at < cursor.lines.length && ITEM.exec(cursor.lines[cursor.at])?.[2].at(-1) === kind;
    loose ||= item.hasBlank || (item.endsBlank && goesOn);
    items.push(item.lines);
  }
  const first = Number.parseInt(marker, 10);
  const start = ordered && first !== 1 ? String(first) : null;
  return element(ordered ? "ol" : "ul", { start }, gathered(items.map((lines) => itemElement(lines, loose, context, depth))));
}

/** The lines of an item without what they are indented by. */
function listItem(cursor, match) {
  const indent = match[0].length + (match[0].length === cursor.lines[cursor.at].length ? 1 : 0);
  const lines = [cursor.lines[cursor.at++].slice(match[0].length)];
  let [blanks, hasBlank] = [0, false];
  while (cursor.at < cursor.lines.length) {
    const line = cursor.lines[cursor.at];
    const inside = line.startsWith(" ".repeat(indent));
    if (line.trim() === "") blanks += 1;
    else if (!inside && (blanks > 0 || interrupts(line) || ITEM.test(line))) break;
    else {
      hasBlank ||= blanks > 0;
      for (; blanks > 0; blanks -= 1) lines.push("");
      lines.push(inside ? line.slice(indent) : line.trimStart());
    }
    cursor.at += 1;
  }
  return { lines, hasBlank, endsBlank: blanks > 0 };
}

function itemElement(lines, loose, context, depth) {
  const task = TASK.exec(lines[0]);
  const text = task ? [lines[0].slice(task[0].length), ...lines.slice(1)] : lines;
  const inner = blocks(text, context, depth + 1);
  const shown = gathered(loose ? inner : inner.flatMap((node) => (node.tagName === "P" ? [...node.childNodes] : node)));
  if (task === null) return element("li", {}, shown);
  const done = task[1] !== " ";
  return element("li", { class: "task" }, element("span", { role: "img", "aria-label": done ? "Done:" : "To do:" }, done ? "☑" : "☐"), " ", shown);
}

function paragraph(cursor, context) {
  const lines = [];
  while (cursor.at < cursor.lines.length) {
    const line = cursor.lines[cursor.at];
    if (lines.length > 0) {
      const underline = UNDERLINE.exec(line);
      if (underline) {
        cursor.at += 1;
        return headingElement(underline[1][0] === "=" ? 1 : 2, lines.join("\n").trim(), context);
      }
      if (line.trim() === "" || interrupts(line)) break;
    }
    lines.push(line.trimStart());
    cursor.at += 1;
  }
  return element("p", {}, inline(lines.join("\n").trimEnd(), context.imageFor));
}
