// Light, dark, or as the system has it; remembered in this browser.

const NAME = "secretary.theme";
export const THEMES = ["system", "light", "dark"];

/** What the reader chose. */
export function chosenTheme() {
  const kept = localStorage.getItem(NAME);
  return THEMES.includes(kept) ? kept : "system";
}

/** Choose one, and remember it. */
export function chooseTheme(theme) {
  localStorage.setItem(NAME, theme);
  applyTheme();
}

/** Let the page look as it was chosen. */
export function applyTheme() {
  const theme = chosenTheme();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
