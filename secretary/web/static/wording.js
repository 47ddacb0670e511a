// How times, sizes and names are written.

const UNITS = ["B", "KB", "MB", "GB", "TB"];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const STEPS = [
  ["second", 1],
  ["minute", 60],
  ["hour", 3_600],
  ["day", 86_400],
  ["month", 2_629_800],
  ["year", 31_557_600],
];

/** 14:03:59 */
export function timeOfDay(instant) {
  return clock.format(new Date(instant));
}

/** 26 Nov 2026, 14:03:59 */
export function dateAndTime(instant) {
  return date.format(new Date(instant));
}

/** 5 min ago */
export function ago(instant, now = Date.now()) {
  const seconds = (new Date(instant) - now) / 1000;
  if (Math.abs(seconds) < 5) return "just now";
  const [unit, length] = STEPS.findLast(([, each]) => Math.abs(seconds) >= each) ?? STEPS[0];
  return relative.format(Math.trunc(seconds / length), unit);
}

/** 1.2 s, 3 min 20 s, 2 h 5 min */
export function duration(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 1.4 MB */
export function size(bytes) {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** 1 job, 3 jobs */
export function counted(many, one, more = `${one}s`) {
  return `${many.toLocaleString("en")} ${many === 1 ? one : more}`;
}

/** extracting_text -> Extracting text */
export function inWords(name) {
  const words = name.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
