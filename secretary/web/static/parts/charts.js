// Charts, drawn as SVG, each with the same figures as a table for whoever does not see them.

import { drawing, element } from "../elements.js";
import { duration } from "../wording.js";

const HEIGHT = 200;
const PLOT = { left: 40, right: 8, top: 10, bottom: 26 };
const ENDS = [
  ["completed", "Completed"],
  ["failed", "Failed"],
  ["cancelled", "Cancelled"],
];
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric" });
const both = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** Bars of what ended each hour, and a line of what was created; `width` is what there is room for, so that words keep their size. */
export function hoursChart(hours, width) {
  const top = niceTop(Math.max(1, ...hours.map((hour) => Math.max(hour.created, endedIn(hour)))));
  const each = (width - PLOT.left - PLOT.right) / hours.length;
  const x = (index) => PLOT.left + index * each;
  const y = (value) => HEIGHT - PLOT.bottom - (value / top) * (HEIGHT - PLOT.top - PLOT.bottom);
  const line = hours.map((hour, index) => `${index === 0 ? "M" : "L"}${x(index) + each / 2} ${y(hour.created)}`).join("");
  return element(
    "figure",
    { class: "chart" },
    element("figcaption", {}, element("h3", {}, "Jobs per hour"), legend()),
    drawing("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true", class: "chart-drawing" }, grid(top, y, width), hours.flatMap((hour, index) => bars(hour, x(index), each, y)), drawing("path", { class: "chart-line", d: line }), labels(hours, x, each, width)),
    figures("Jobs per hour", ["Hour", "Created", ...ENDS.map(([, text]) => text)], hours.map((hour) => [both.format(new Date(hour.start)), hour.created, ...ENDS.map(([key]) => hour[key])])),
  );
}

/** How long jobs took, by type: a bar to the median, a thin one to where 95 of 100 are done. */
export function durationsChart(durations, width) {
  const longest = Math.max(...durations.map(({ p95 }) => p95), 0.001);
  const [row, left, right] = [44, 4, 120];
  const length = (seconds) => (seconds / longest) * (width - left - right);
  const lines = durations.flatMap(({ jobType, median, p95 }, index) => {
    const at = index * row;
    return [
      drawing("text", { x: left, y: at + 13, class: "chart-name" }, jobType),
      drawing("rect", { x: left, y: at + 23, width: Math.max(2, length(p95)), height: 6, rx: 3, class: "chart-p95" }),
      drawing("rect", { x: left, y: at + 20, width: Math.max(2, length(median)), height: 12, rx: 3, class: "chart-median" }),
      drawing("text", { x: left + Math.max(2, length(p95)) + 8, y: at + 30, class: "chart-label" }, `${duration(median)} / ${duration(p95)}`),
    ];
  });
  return element(
    "figure",
    { class: "chart" },
    element("figcaption", {}, element("h3", {}, "How long completed jobs took"), element("p", { class: "muted" }, "Thick: half of them. Thin: 95 of 100.")),
    drawing("svg", { viewBox: `0 0 ${width} ${durations.length * row}`, "aria-hidden": "true", class: "chart-drawing" }, lines),
    figures("How long completed jobs took", ["Type", "Jobs", "Mean", "Median", "95 %"], durations.map(({ jobType, count, mean, median, p95 }) => [jobType, count, duration(mean), duration(median), duration(p95)])),
  );
}

function endedIn(hour) {
  return ENDS.reduce((sum, [key]) => sum + hour[key], 0);
}

function bars(hour, left, each, y) {
  let from = 0;
  return ENDS.map(([key, text]) => {
    if (hour[key] === 0) return null;
    const [bottom, top] = [y(from), y(from + hour[key])];
    from += hour[key];
    const title = drawing("title", {}, `${both.format(new Date(hour.start))}: ${hour[key].toLocaleString("en")} ${text.toLowerCase()}`);
    return drawing("rect", { class: `chart-${key}`, x: left + each * 0.12, y: top, width: each * 0.76, height: bottom - top }, title);
  });
}

function grid(top, y, width) {
  return [0, top / 2, top].map((value) => [
    drawing("path", { class: "chart-grid", d: `M${PLOT.left} ${y(value)}H${width - PLOT.right}` }),
    drawing("text", { class: "chart-label", x: PLOT.left - 6, y: y(value) + 4, "text-anchor": "end" }, Math.round(value).toLocaleString("en")),
  ]);
}

// As many as there is room for; of a week the days.
function labels(hours, x, each, width) {
  const step = hours.length > 48 ? (width < 480 ? 48 : 24) : Math.max(1, Math.ceil((hours.length * 90) / width));
  const write = hours.length > 48 ? day : clock;
  const first = hours.length > 48 ? hours.findIndex(({ start }) => new Date(start).getHours() === 0) : 0;
  return hours.map(({ start }, index) => index >= first && (index - first) % step === 0 && drawing("text", { class: "chart-label", x: x(index) + each / 2, y: HEIGHT - 8, "text-anchor": index === 0 ? "start" : "middle" }, write.format(new Date(start))));
}

function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return Math.max(2, [1, 2, 4, 6, 8, 10].map((each) => each * power).find((each) => each >= value));
}

function legend() {
  return element("ul", { class: "legend", role: "list" }, element("li", { "data-key": "created" }, "Created"), ENDS.map(([key, text]) => element("li", { "data-key": key }, text)));
}

function figures(caption, head, rows) {
  return element(
    "details",
    { class: "figures" },
    element("summary", {}, "As a table"),
    element("div", { class: "table-place", tabindex: "0", role: "region", "aria-label": `${caption}, as a table` }, element("table", {}, element("caption", { class: "visually-hidden" }, caption), element("thead", {}, element("tr", {}, head.map((text) => element("th", { scope: "col" }, text)))), element("tbody", {}, rows.map(([name, ...values]) => element("tr", {}, element("th", { scope: "row" }, name), values.map((value) => element("td", { class: "right" }, typeof value === "number" ? value.toLocaleString("en") : value))))))),
  );
}
