// Markdown within a paragraph, as nodes: emphasis, code, links, pictures. Every text goes in as text, a link leads only to where a link
// may lead, and the work grows with the length of the text alone, whatever stands in it.

import { element } from "../elements.js";
import { character, flanking, gathered, linkTarget, matched, runLength, unescaped } from "./marks.js";

const DEEPEST = 32;
const LONGEST_RUN = 3;
const SPECIAL = /[\\`*_~[\]!<&\n]|https?:\/\//g;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));/y;
const AUTOLINK = /<((?:https?:\/\/|mailto:)[^\s<>]*)>/y;
const BARE = /https?:\/\/[^\s<>"'`*[\]|\\^{}]*/y;
const BREAK = /<br ?\/?>/y;
const DESTINATION = /\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)/y;

/** What a text says, as one node; `imageFor(destination, alt)` hands out the element of a picture, or null where it is not to be shown. */
export function inline(text, imageFor) {
  return gathered(new Inline(text, imageFor).nodes());
}

class Inline {
  #text;
  #imageFor;
  #at = 0;
  // The innermost open bracket is the last frame; the first one is the text itself.
  #frames = [frame("", 0)];
  #codeRuns = null;
  #hasComment = true;

  constructor(text, imageFor) {
    this.#text = text;
    this.#imageFor = imageFor;
  }

  nodes() {
    while (this.#at < this.#text.length) {
      SPECIAL.lastIndex = this.#at;
      const next = SPECIAL.exec(this.#text)?.index ?? this.#text.length;
      if (next > this.#at) this.#push(this.#text.slice(this.#at, next));
      this.#at = next;
      if (next < this.#text.length) this.#special(this.#text[next]);
    }
    return this.#frames.flatMap(({ opening, nodes }) => [opening, nodes].flat());
  }

  #special(character) {
    if (character === "\\") this.#escape();
    else if (character === "`") this.#code();
    else if (character === "[") this.#open("[");
    else if (character === "!") this.#text[this.#at + 1] === "[" ? this.#open("![") : this.#literal(1);
    else if (character === "]") this.#close();
    else if (character === "<") this.#angle();
    else if (character === "&") this.#entity();
    else if (character === "\n") this.#lineEnd();
    else if (character === "h") this.#bareAddress();
    else this.#delimiters(character);
  }

  get #top() {
    return this.#frames.at(-1);
  }

  #push(node) {
    this.#top.nodes.push(node);
  }

  #literal(length) {
    this.#push(this.#text.slice(this.#at, this.#at + length));
    this.#at += length;
  }

  #escape() {
    const next = this.#text[this.#at + 1];
    if (next === "\n") {
      this.#push(element("br"));
      this.#at += 2;
    } else if (next && ESCAPABLE.test(next)) {
      this.#push(next);
      this.#at += 2;
    } else {
      this.#literal(1);
    }
  }

  #lineEnd() {
    const last = this.#top.nodes.at(-1);
    if (typeof last === "string" && last.endsWith("  ")) {
      this.#top.nodes[this.#top.nodes.length - 1] = last.trimEnd();
      this.#push(element("br"));
      this.#at += 1;
    } else {
      this.#literal(1);
    }
  }

  #code() {
    const length = runLength(this.#text, this.#at);
    const inner = this.#at + length;
    const end = this.#nextCodeRun(length, inner);
    if (end === null) {
      this.#literal(length);
      return;
    }
    const code = this.#text.slice(inner, end).replaceAll("\n", " ");
    const padded = code.length > 2 && code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "";
    this.#push(element("code", {}, padded ? code.slice(1, -1) : code));
    this.#at = end + length;
  }

  /** Where the next run of so many backticks begins. All are looked up once, so that unclosed ones cost nothing. */
  #nextCodeRun(length, from) {
    this.#codeRuns ??= Map.groupBy([...this.#text.matchAll(/`+/g)].map((match) => [match.index, match[0].length]).reverse(), ([, each]) => each);
    const places = this.#codeRuns.get(length) ?? [];
    while (places.length > 0 && places.at(-1)[0] < from) places.pop();
    return places.at(-1)?.[0] ?? null;
  }

  #angle() {
    const { destination, end } = matched(AUTOLINK, this.#text, this.#at, (match) => ({ destination: match[1] })) ?? {};
    const address = destination && linkTarget(destination);
    if (address) {
      this.#push(link(address, [destination]));
      this.#at = end;
    } else if (matched(BREAK, this.#text, this.#at, () => ({}))) {
      this.#push(element("br"));
      this.#at = BREAK.lastIndex;
    } else if (!this.#comment()) {
      this.#literal(1);
    }
  }

  /** An address in the text; what ends a sentence is no part of it. */
  #bareAddress() {
    const { end } = matched(BARE, this.#text, this.#at, () => ({}));
    const found = this.#text.slice(this.#at, end).replace(/[.,;:!?)_~&]{1,8}$/, "");
    const address = this.#frames.length === 1 ? linkTarget(found) : null;
    this.#push(address ? link(address, [found]) : found);
    this.#at += found.length;
  }

  #comment() {
    if (!this.#hasComment || !this.#text.startsWith("<!--", this.#at)) return false;
    const end = this.#text.indexOf("-->", this.#at);
    this.#hasComment = end >= 0;
    if (end >= 0) this.#at = end + 3;
    return end >= 0;
  }

  #entity() {
    const found = matched(ENTITY, this.#text, this.#at, ([, ...codes]) => ({ character: character(...codes) }));
    if (found === null) {
      this.#literal(1);
      return;
    }
    this.#push(found.character);
    this.#at = found.end;
  }

  #open(opening) {
    if (this.#frames.length >= DEEPEST) {
      this.#literal(opening.length);
      return;
    }
    this.#at += opening.length;
    this.#frames.push(frame(opening, this.#at));
  }

  #close() {
    if (this.#frames.length === 1) {
      this.#literal(1);
      return;
    }
    const closed = this.#frames.pop();
    const found = matched(DESTINATION, this.#text, this.#at + 1, ([, angled, bare]) => ({ destination: unescaped(angled ?? bare ?? "") }));
    const made = found && this.#made(closed, found.destination);
    if (!made) {
      this.#top.nodes.push(closed.opening, gathered(closed.nodes), "]");
      this.#top.hasLink ||= closed.hasLink;
      this.#at += 1;
      return;
    }
    this.#push(gathered(made));
    this.#at = found.end;
  }

  /** The nodes of a link or picture; null where it is none. */
  #made(closed, destination) {
    if (closed.opening === "![") {
      const alt = this.#text.slice(closed.from, this.#at).replaceAll("\\", "");
      return [this.#imageFor(destination, alt) ?? element("span", { class: "picture-left-out" }, alt || "picture")];
    }
    if (closed.hasLink) return null;
    const address = linkTarget(destination);
    // Only its words, where it leads nowhere that a link may lead to.
    if (address === null) return closed.nodes;
    this.#top.hasLink = true;
    return [link(address, gathered(closed.nodes))];
  }

  #delimiters(character) {
    const length = runLength(this.#text, this.#at);
    const usable = character === "~" ? length === 2 : length <= LONGEST_RUN;
    if (!usable) {
      this.#literal(length);
      return;
    }
    const { opens, closes } = flanking(this.#text, this.#at, length, character);
    this.#at += length;
    const left = closes ? this.#closeEmphasis(character, length) : length;
    if (left === 0) return;
    this.#push(character.repeat(left));
    if (opens && this.#top.delimiters.length < DEEPEST) {
      this.#top.delimiters.push({ character, length: left, index: this.#top.nodes.length - 1 });
    }
  }

  /** Wrap what stands since the openers of this run; hands out how much of the run is left over. */
  #closeEmphasis(character, length) {
    const { nodes, delimiters } = this.#top;
    let left = length;
    while (left > 0) {
      const place = delimiters.findLastIndex((opener) => opener.character === character);
      if (place < 0) break;
      const opener = delimiters[place];
      const used = Math.min(2, left, opener.length);
      const inner = nodes.splice(opener.index + 1);
      delimiters.length = place + 1;
      opener.length -= used;
      left -= used;
      nodes[opener.index] = character.repeat(opener.length);
      if (opener.length === 0) delimiters.pop();
      nodes.push(element(character === "~" ? "s" : used === 2 ? "strong" : "em", {}, gathered(inner)));
    }
    return left;
  }
}

function frame(opening, from) {
  return { opening, from, nodes: [], delimiters: [], hasLink: false };
}

function link(address, nodes) {
  return element("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, nodes);
}
