// What the characters of Markdown mean where they stand.

const PUNCTUATION = /[\p{P}\p{S}]/u;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const CHUNK = 10_000;
const SCHEMES = ["http:", "https:", "mailto:"];

/** Where a link may lead to, or null. */
export function linkTarget(destination) {
  try {
    const address = new URL(destination);
    return SCHEMES.includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

/** What a sticky pattern finds at a place, as `made(match)` sees it, with the `end`; null where it does not fit. */
export function matched(pattern, text, at, made) {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match && { ...made(match), end: pattern.lastIndex };
}

/** How often the character at a place stands there in a row. */
export function runLength(text, at) {
  let end = at + 1;
  while (text[end] === text[at]) end += 1;
  return end - at;
}

/** Without the backslashes before marks. */
export function unescaped(text) {
  return text.replace(/\\([!-/:-@[-`{-~])/g, "$1");
}

/** What an entity stands for. */
export function character(decimal, hexadecimal, name) {
  if (name) return ENTITIES[name];
  const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hexadecimal, 16);
  const known = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return known ? String.fromCodePoint(code) : "\ufffd";
}

/** Many nodes as one: a call takes only so many at once. */
export function gathered(nodes) {
  const all = document.createDocumentFragment();
  for (let at = 0; at < nodes.length; at += CHUNK) all.append(...nodes.slice(at, at + CHUNK));
  return all;
}

/** Whether a run of marks may begin or end an emphasis, by what stands on both sides of it. */
export function flanking(text, at, length, character) {
  const [before, after] = [text[at - 1] ?? " ", text[at + length] ?? " "];
  const [spaceBefore, spaceAfter] = [/\s/.test(before), /\s/.test(after)];
  const [markBefore, markAfter] = [PUNCTUATION.test(before), PUNCTUATION.test(after)];
  const left = !spaceAfter && (!markAfter || spaceBefore || markBefore);
  const right = !spaceBefore && (!markBefore || spaceAfter || markAfter);
  if (character !== "_") return { opens: left, closes: right };
  return { opens: left && (!right || markBefore), closes: right && (!left || markAfter) };
}
