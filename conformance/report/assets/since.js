// What changed from release to release, each change with the smallest input that shows it.

import { href } from "./address.js";
import { axisNamed, data, implementationNamed } from "./data.js";
import { coded, count, h, linked } from "./dom.js";
import { filtered } from "./filter.js";
import { fact, folded, grouped } from "./words.js";

const releaseOf = ({ distribution, release }) => `${distribution} ${release}`;

export function sinceView(current) {
  const concerned = implementationNamed.get(current.implementation)?.index;
  const shown = data.since
    .filter((change) => concerned === undefined || change.implementations.includes(concerned))
    .filter((change) => !current.release || releaseOf(change) === current.release);
  const parts = [...grouped(shown, releaseOf)].map(([release, changes]) =>
    h(
      "section",
      h("h3", release, " ", h("span.meta", `compared with ${changes[0].before} · ${count(changes.length, "change")}`)),
      changes.map(changed),
    ),
  );
  const isChosen = concerned !== undefined || current.release;
  return h(
    "section",
    h("h2", { tabindex: -1 }, "Since when"),
    h(
      "p.lead",
      concerned === undefined ? "What changed from release to release of the frameworks" : "What changed in ",
      concerned === undefined ? null : h("code", current.implementation),
      ": each change with the smallest input that shows it, and its outcome in both releases.",
    ),
    shown.length ? filtered("Filter the changes", parts, ".change") : h("p", "No known change."),
    isChosen ? h("p", h("a", { href: href({ view: "since" }) }, "All changes")) : null,
  );
}

function changed(change) {
  const { axis, says, given, outcomes, link, implementations, before, release } = change;
  return h(
    "article.card.change",
    { "data-text": [releaseOf(change), axis, says, given, ...outcomes].join(" ") },
    h("p", coded(says)),
    h(
      "dl.facts",
      fact("Input", h("code", given)),
      [before, release].map((name, side) => fact(name, h("span.value", outcomes[side]))),
      fact("Axis", axisNamed.has(axis) ? h("a", { href: href({ view: "causes", cause: axis }) }, axis) : axis),
      fact("Changed by", linked(link)),
      implementations.length ? fact("Implementations", folded(implementations, 3)) : null,
    ),
  );
}
