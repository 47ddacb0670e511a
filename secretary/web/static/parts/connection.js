// Says whether what the page shows is live, and what is done about it when it is not.

import { element, fill, mark, say } from "../elements.js";
import { timeOfDay } from "../wording.js";
import { icon } from "./icons.js";

const SIGNS = { connecting: "Connecting", reading: "Catching up", live: "Live", lost: "Offline" };

/** A dot and a word in the header. It also marks the whole page, so that styles can show what is only the last known. */
export function connectionSign(socket) {
  const text = element("span", {});
  const sign = element("p", { class: "connection-sign" }, element("span", { class: "connection-dot" }), text);
  const draw = () => {
    mark(sign, "data-state", socket.state);
    mark(document.documentElement, "data-connection", socket.state);
    say(text, SIGNS[socket.state]);
  };
  socket.addEventListener("state", draw);
  draw();
  return sign;
}

/** A line across the page while the connection is lost, with the time of what is shown and a way to try at once. */
export function connectionBanner(socket, announcer) {
  const sentence = element("p", {});
  const retry = element("button", { type: "button", class: "button", onclick: () => socket.retryNow() }, "Try now");
  const banner = element("div", { class: "connection-banner", role: "region", "aria-label": "Connection", hidden: true }, icon("warning"), sentence, retry);
  let told = "live";
  let clock = null;
  const draw = () => {
    const lost = socket.state === "lost" || (socket.state === "reading" && told === "lost");
    banner.hidden = !lost;
    retry.disabled = socket.retryAt === null;
    say(sentence, lost ? wording(socket) : "");
    clearTimeout(clock);
    if (lost && socket.retryAt !== null) clock = setTimeout(draw, 500);
    if (socket.state === "lost" && told === "live") announcer.say("The connection is lost. What you see may be out of date.");
    if (socket.state === "live" && told === "lost") announcer.say("The connection is back. Everything is up to date.");
    if (["live", "lost"].includes(socket.state)) told = socket.state;
  };
  socket.addEventListener("state", draw);
  draw();
  return banner;
}

function wording(socket) {
  const known = socket.liveAt === null ? "" : ` What you see is as it was at ${timeOfDay(socket.liveAt)}.`;
  if (socket.state === "reading") return `The connection is back; everything is read again.${known}`;
  if (socket.retryAt === null) return `The connection is lost.${known} Trying again now …`;
  const seconds = Math.max(1, Math.round((socket.retryAt - Date.now()) / 1000));
  return `The connection is lost.${known} Trying again in ${seconds} s.`;
}

/** Marks a part of a view as the last known while the page is not live; returns what ends that. */
export function markedWhileLost(socket, node) {
  const draw = () => mark(node, "data-stale", socket.live ? null : "");
  socket.addEventListener("state", draw);
  draw();
  return () => socket.removeEventListener("state", draw);
}

/** A chip that says so in words. */
export function staleChip(socket) {
  const chip = element("span", { class: "stale-chip", hidden: socket.live }, "last known");
  const draw = () => (chip.hidden = socket.live || socket.state === "connecting");
  socket.addEventListener("state", draw);
  draw();
  return { chip, stop: () => socket.removeEventListener("state", draw) };
}
