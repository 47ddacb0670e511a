// What stands around every view: the way to it, who is signed in, how the page looks, and what is known of the connection.

import { element, fill, mark } from "./elements.js";
import { connectionBanner, connectionSign } from "./parts/connection.js";
import { icon } from "./parts/icons.js";
import { chooseTheme, chosenTheme, THEMES } from "./theme.js";

const NAVIGATION = [
  { nav: "jobs", path: "/", text: "Jobs" },
  { nav: "new", path: "/new", text: "New" },
  { nav: "batches", path: "/batches", text: "Batches" },
  { nav: "templates", path: "/templates", text: "Templates" },
  { nav: "queue", path: "/queue", text: "Queue" },
];
const THEME_TEXTS = { system: "As the system", light: "Light", dark: "Dark" };

/** The frame: `root` to put into the page, `main` for the views, `show(route)` to mark where the reader is. */
export function shell({ session, socket, announcer, notices }) {
  const links = NAVIGATION.map(({ nav, path, text }) => element("a", { href: `#${path}`, "data-nav": nav }, icon(nav), element("span", {}, text)));
  const main = element("main", { id: "main", tabindex: "-1" });
  const root = element(
    "div",
    { class: "shell" },
    skipLink(main),
    element(
      "header",
      { class: "shell-header" },
      element("a", { class: "brand", href: "#/" }, element("img", { src: "web/icon.svg", alt: "", width: "28", height: "28" }), element("span", {}, "secretary")),
      element("nav", { class: "shell-nav", "aria-label": "Main" }, links),
      element("div", { class: "shell-tools" }, connectionSign(socket), themeChoice(), account(session)),
    ),
    connectionBanner(socket, announcer),
    main,
    notices.node,
    announcer.region,
  );
  return {
    root,
    main,
    show: (route) => links.forEach((link) => mark(link, "aria-current", link.dataset.nav === route.nav ? "page" : null)),
  };
}

function skipLink(main) {
  // Not a link to #main: the part after `#` names a view.
  const skip = () => main.focus();
  return element("button", { type: "button", class: "skip-link", onclick: skip }, "Skip to the content");
}

/** Three buttons, one pressed. */
export function themeChoice() {
  const group = element("div", { class: "theme-choice", role: "group", "aria-label": "Colours" });
  const draw = (focused = null) => {
    const buttons = THEMES.map((theme) =>
      element(
        "button",
        {
          type: "button",
          "aria-pressed": String(theme === chosenTheme()),
          "aria-label": THEME_TEXTS[theme],
          title: THEME_TEXTS[theme],
          onclick: () => {
            chooseTheme(theme);
            draw(theme);
          },
        },
        icon(theme),
      ),
    );
    fill(group, buttons);
    if (focused) buttons[THEMES.indexOf(focused)].focus();
  };
  draw();
  return group;
}

function account(session) {
  const { userId, isAdmin } = session.viewer;
  return element(
    "div",
    { class: "account" },
    element("span", { class: "account-name", title: isAdmin ? "An admin key: it sees everybody's jobs" : "Sees its own jobs" }, userId),
    element(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Sign out", title: "Sign out", onclick: () => session.end() },
      icon("signout"),
    ),
  );
}
