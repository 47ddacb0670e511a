// Begins: signed in, the shell and the view that the address names; otherwise the way to sign in.

import { Announcer } from "./announcer.js";
import { Api } from "./api.js";
import { fill } from "./elements.js";
import { KeyRefused } from "./failures.js";
import { dropAnywhere } from "./parts/file-drop.js";
import { Notices } from "./parts/notices.js";
import { Router } from "./router.js";
import { Session } from "./session.js";
import { shell } from "./shell.js";
import { Socket } from "./socket.js";
import { StagedFiles } from "./staged-files.js";
import { applyTheme } from "./theme.js";
import { signIn, viewerOf } from "./sign-in.js";

const session = new Session();
const api = new Api(session);
const socket = new Socket(session);
const announcer = new Announcer();
const notices = new Notices(announcer);
const staged = new StagedFiles();
let router = null;
let drop = null;

applyTheme();
session.addEventListener("change", () => (session.key === null ? askForKey() : work()));
begin();

async function begin() {
  if (session.key === null) {
    askForKey();
    return;
  }
  try {
    const viewer = await viewerOf(api, session.key);
    session.begin(session.key, viewer, { remember: session.remembered });
  } catch (error) {
    // A refused key has ended the session, which has asked for another one.
    if (!(error instanceof KeyRefused)) askForKey(error, begin);
  }
}

function askForKey(error = null, retry = null) {
  leave();
  router = null;
  socket.close();
  fill(document.body, signIn({ api, session, error, retry }));
}

function leave() {
  router?.stop();
  drop?.stop();
  staged.clear();
}

function work() {
  leave();
  const frame = shell({ session, socket, announcer, notices });
  router = new Router(frame.main, { api, socket, session, announcer, notices, staged });
  drop = dropAnywhere(staged, announcer, () => router.route.nav === "new" || router.go("/new"));
  fill(document.body, frame.root, drop.node);
  router.addEventListener("shown", () => frame.show(router.route));
  socket.open();
  router.start();
}
