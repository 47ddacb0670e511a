// A live list of jobs as part of a view: the lines, what to do with each, the next page, and what is said of it aloud.

import { element, fill } from "../elements.js";
import { act } from "../job-actions.js";
import { LiveJobs } from "../live-jobs.js";
import { Milestones } from "../milestones.js";
import { markedWhileLost } from "./connection.js";
import { JobList } from "./job-list.js";
import { problem } from "./problem.js";

/**
 * Fill `place` with the jobs that `filter`, a JobFilter, names. `empty()` makes what stands there when there are none, `onChange(jobs)`
 * is told when the list changes. Returns what ends it.
 */
export function liveList(place, context, { filter, label, empty, onChange = () => {}, withBatch = true }) {
  const { api, socket, notices, announcer, session } = context;
  const jobs = new LiveJobs({ api, socket, filter });
  const milestones = new Milestones(announcer);
  const onAction = async (action, job) => {
    if ((await act(action, job, { api, notices })) && action === "delete") jobs.remove(job.id);
  };
  const list = new JobList({ jobs, label, onAction, withBatch, withOwner: session.viewer.isAdmin });
  const more = moreButton(jobs, notices);
  const rest = element("div", {});
  fill(place, list.node, rest, more.node);
  jobs.addEventListener("change", ({ changed }) => {
    onChange(jobs);
    more.node.hidden = !jobs.hasMore;
    if (jobs.error) fill(rest, problem(jobs.error));
    else if (jobs.size > 0) fill(rest);
    else if (rest.childElementCount === 0) fill(rest, empty());
    milestones.hear([...changed].map((id) => jobs.get(id)).filter(Boolean));
  });
  const unmark = markedWhileLost(socket, place);
  jobs.start();
  return () => {
    jobs.stop();
    list.stop();
    more.stop();
    milestones.stop();
    unmark();
  };
}

/** Reads the next page when it comes into sight or is pressed. */
function moreButton(jobs, notices) {
  const read = async () => {
    try {
      await jobs.more();
    } catch (error) {
      notices.error(error.message);
    }
  };
  const node = element("button", { type: "button", class: "button more", hidden: true, onclick: read }, "Show more");
  const watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && read(), { rootMargin: "600px" });
  watcher.observe(node);
  return { node, stop: () => watcher.disconnect() };
}
