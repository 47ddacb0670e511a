// From the part of the address after `#` to what is shown. Views are loaded when they are first wanted.
//
// A view is a module with one exported function, `show(root, context)`: it fills `root`, whose first heading is an <h1>, and returns a
// function that ends whatever it started. It may be async. `context` holds
//   api         queries, mutations, uploads, files (api.js)
//   socket      subscriptions and the state of the connection (socket.js)
//   session     whose key it is: `session.viewer` has userId and isAdmin (session.js)
//   announcer   the live region: `announcer.say("…")` (announcer.js)
//   notices     short notices: `notices.done("…")`, `notices.error("…")` (parts/notices.js)
//   staged      files that are to be sent (staged-files.js)
//   params      what the path held in the place of `:name`
//   query       URLSearchParams of what stood after `?`
//   setQuery    writes it anew without leaving the view
//   go          goes to another route: `go("/jobs/job-…")`
//   title       says what the page is called: `title("report.pdf")`

export const ROUTES = [
  { path: "/", load: () => import("./views/jobs.js"), title: "Jobs", nav: "jobs" },
  { path: "/new", load: () => import("./views/new-job.js"), title: "New job", nav: "new" },
  { path: "/batches", load: () => import("./views/batches.js"), title: "Batches", nav: "batches" },
  { path: "/batches/:id", load: () => import("./views/batch.js"), title: "Batch", nav: "batches" },
  { path: "/jobs/:id", load: () => import("./views/job.js"), title: "Job", nav: "jobs" },
  { path: "/templates", load: () => import("./views/templates.js"), title: "Templates", nav: "templates" },
  { path: "/templates/:name", load: () => import("./views/template.js"), title: "Template", nav: "templates" },
  { path: "/queue", load: () => import("./views/queue.js"), title: "Queue", nav: "queue" },
];

const NOT_FOUND = { load: () => import("./views/not-found.js"), title: "Not found", nav: null };

/** The route for a path, with what it holds in the place of names. */
export function routeFor(path) {
  for (const route of ROUTES) {
    const params = matched(route.path, path);
    if (params) return { route, params };
  }
  return { route: NOT_FOUND, params: {} };
}

function matched(pattern, path) {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return null;
  const params = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith(":")) params[part.slice(1)] = decoded(given[index]);
    else if (part !== given[index]) return null;
  }
  return params;
}

/** What is badly written, as in an address cut in the middle, is taken as it stands: it names nothing then, and that is told. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
