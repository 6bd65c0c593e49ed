// Which view is shown, the search box, and the keyboard.

import { go, href, state } from "./address.js";
import { caseView } from "./case.js";
import { box, casesView, search, shownCases, wasSearched } from "./cases.js";
import { causesView } from "./causes.js";
import { changesView } from "./changes.js";
import { cases, data, store } from "./data.js";
import { h } from "./dom.js";
import { textsOf } from "./everything.js";
import { findingsView } from "./findings.js";
import { implementationsView } from "./implementations.js";
import { lawsView } from "./laws.js";
import { logsView } from "./logs.js";
import { namesView } from "./names.js";
import { picturesView } from "./pictures.js";
import { sinceView } from "./since.js";
import { startView } from "./start.js";
import { hideTip, tip } from "./tip.js";
import { versionsView } from "./versions.js";

const VIEWS = {
  start: ["Start", startView],
  cases: ["Cases", casesView],
  causes: ["Causes", causesView],
  pictures: ["Charts", picturesView],
  implementations: ["Implementations", implementationsView],
  logs: ["Training logs", logsView, () => data.runs.length],
  laws: ["Laws", lawsView, () => data.laws.length],
  names: ["compile()", namesView, () => data.resolutions.length],
  findings: ["Findings", findingsView, () => data.findings.length],
  since: ["Since when", sinceView, () => data.since.length],
  versions: ["Versions", versionsView],
  changes: ["Changes", changesView],
};

const view = document.getElementById("view");

/** Show what the address says; `typed` if it comes from the search box, which may be ahead of it. */
function render(typed = false) {
  const current = state();
  const name = current.view === "case" || Object.hasOwn(VIEWS, current.view) ? current.view : "start";
  hideTip();
  document.getElementById("summary").hidden = name !== "start";
  document.getElementById("title").classList.toggle("unseen", name !== "start");
  const focused = view.contains(document.activeElement) ? document.activeElement.id : "";
  const content = name === "case" ? caseView(current) : VIEWS[name][1](current);
  view.replaceChildren(content);
  // What was chosen in a field is shown below it: the field is there again, and so is the focus.
  const field = focused ? document.getElementById(focused) : null;
  field?.focus({ preventScroll: true });
  if (name !== "case" && !typed) box.value = current.q ?? "";
  for (const link of document.querySelectorAll("#nav a")) {
    const here = link.dataset.view === name || (name === "case" && link.dataset.view === "cases");
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const heading = view.querySelector("h2")?.textContent;
  document.title = name === "start" || !heading ? TITLE : `${heading} · metric-conformance`;
  if (!typed && !field) {
    scrollTo(0, 0);
    const isAbsent = document.getElementById("absent");
    const wanted = current.implementation && !isAbsent ? document.getElementById("reproduce") : null;
    if (wanted) wanted.scrollIntoView();
    else if (name === "start") showAnswer();
    else view.querySelector("h2[tabindex]")?.focus({ preventScroll: true });
  }
}

/** On a small screen the answer of the first screen is below what was asked. */
function showAnswer() {
  const answer = view.querySelector(".answer:not(:empty)");
  if (location.hash.includes("=") && answer?.getBoundingClientRect().top > innerHeight / 2) answer.scrollIntoView();
}

const TITLE = document.title;

function pressed(event) {
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key === "Escape" && event.target === box) box.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const current = state();
  if (event.key === "/") {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "j" || event.key === "k") {
    if (current.view === "case") document.querySelector(`a[rel=${event.key === "j" ? "next" : "prev"}]`)?.click();
    const shown = shownCases();
    if (current.view === "cases" && shown?.lines?.length) {
      const line = document.activeElement?.dataset?.line;
      const next = line === undefined ? 0 : Number(line) + (event.key === "j" ? 1 : -1);
      shown.matrix.focus(Math.max(0, Math.min(shown.lines.length - 1, next)));
    }
  } else if (event.key === "Escape" && current.view === "case") {
    if (history.length > 1) history.back();
    else go({ view: "cases" });
  }
}

document.getElementById("nav").append(
  ...Object.entries(VIEWS)
    .filter(([, [, , there]]) => !there || there())
    .map(([name, [title]]) => h("a", { href: href({ view: name }), "data-view": name }, title)),
);
document.getElementById("search").hidden = false;
document.getElementById("search").addEventListener("submit", (event) => event.preventDefault());
box.addEventListener("input", () => search(box.value));
document.body.append(tip);
addEventListener("hashchange", () => render(wasSearched() && document.activeElement === box));
addEventListener("keydown", pressed);
addEventListener("beforeprint", () => shownCases()?.matrix.print(true));
addEventListener("afterprint", () => shownCases()?.matrix.print(false));
addEventListener("scroll", hideTip, { passive: true });
render();
document.documentElement.dataset.ready = "yes";

/** Prepare what a search needs, in pieces, before it is needed. */
function prepare(next = 0) {
  const until = Math.min(cases.length, next + 400);
  for (const entry of cases.slice(next, until)) {
    store.cellsOf(entry);
    textsOf(entry);
  }
  if (until < cases.length) setTimeout(prepare, 0, until);
}
setTimeout(prepare, 50);
