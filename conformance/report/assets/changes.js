// What changed since an older results document.

import { href } from "./address.js";
import { caseNamed, data } from "./data.js";
import { copyable, count, h, table } from "./dom.js";
import { lawTitle } from "./laws.js";
import { caseLink } from "./words.js";

const WHY = {
  case: "The case was edited",
  framework: "The version of a framework changed",
  definition: "The definition changed: same outcome, other status",
  group: "Only the groups changed: same outcome, grouped with others",
  unknown: "Neither the case nor a version changed: check settings, hardware and the adapter",
};

export function changesView() {
  const found = data.changes;
  const heading = h("h2", { tabindex: -1 }, "What changed");
  if (!found) {
    return h(
      "section",
      heading,
      h("p", "This page shows a single run. To compare it with an older one:"),
      copyable("conformance report results.json --against old-results.json", "Command"),
    );
  }
  const sum = (numbers) => Object.values(numbers).reduce((total, number) => total + number, 0);
  return h(
    "section",
    heading,
    h(
      "p.lead",
      `Since ${found.old ?? "the older run"}: `,
      `${count(found.changed.length, "outcome")} changed, ${sum(found.added)} added, `,
      `${sum(found.removed)} removed, ${found.unchanged.toLocaleString("en")} unchanged. `,
      `${count(found.laws.length, "law")} and ${count(found.names.length, "compile() string")} changed.`,
    ),
    found.partial.length
      ? h(
          "p",
          `Partial: the ${found.partial.join(" and the ")} run. Compared is what both have; `,
          `${count(found.not_compared, "outcome")} of one of them could not be.`,
        )
      : null,
    found.versions.length
      ? table(
          ["Environment", "Package", "Before", "After"],
          found.versions.map(([name, ...rest]) => [name ? `@${name}` : "default", ...rest]),
          { label: "Versions that changed" },
        )
      : h("p", "No package version changed."),
    Object.entries(WHY).map(([why, says]) =>
      changedPart(
        says,
        found.changed.filter((cell) => cell.why === why),
      ),
    ),
    differingPart("Laws with another verdict", "Law", found.laws, (law) =>
      h("a", { href: href({ view: "laws", law }) }, h("bdi", lawTitle(law))),
    ),
    differingPart("compile() strings that became another metric", "Loss and shapes", found.names, (text) =>
      h("bdi", text),
    ),
    listPart("Added", found.added, found.implementations.added),
    listPart("Removed", found.removed, found.implementations.removed),
  );
}

function changedPart(says, cells) {
  if (!cells.length) return null;
  return [
    h("h3", says, " ", h("span.meta", count(cells.length, "outcome"))),
    table(
      ["Case", "Implementation", "Before", "After"],
      cells
        .slice(0, 500)
        .map((cell) => [
          caseNamed.has(cell.case) ? caseLink(caseNamed.get(cell.case)) : h("bdi", cell.case),
          h("bdi.name", cell.implementation),
          h("span.value", cell.before),
          h("span.value", cell.after),
        ]),
      { label: says, class: "changed" },
    ),
    cells.length > 500 ? h("p.meta", `${cells.length - 500} more.`) : null,
  ];
}

function differingPart(title, head, lines, subject) {
  if (!lines.length) return null;
  return [
    h("h3", title, " ", h("span.meta", String(lines.length))),
    table(
      [head, "Implementation", "Before", "After"],
      lines.slice(0, 500).map(([of, ...rest]) => [subject(of), ...rest.map((text) => h("bdi", text))]),
      { label: title, class: "changed" },
    ),
    lines.length > 500 ? h("p.meta", `${lines.length - 500} more.`) : null,
  ];
}

function listPart(title, numbers, names) {
  const entries = Object.entries(numbers);
  if (!entries.length && !names.length) return null;
  return [
    h("h3", title),
    names.length
      ? h(
          "p",
          "Implementations: ",
          names.map((name, index) => [index ? ", " : "", h("bdi.name", name)]),
        )
      : null,
    h(
      "ul",
      entries
        .slice(0, 500)
        .map(([id, number]) =>
          h("li", caseNamed.has(id) ? caseLink(caseNamed.get(id)) : h("bdi", id), ` ${count(number, "outcome")}`),
        ),
    ),
  ];
}
