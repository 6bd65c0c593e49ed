// Findings: defects, undocumented behaviour and limitations, ready to report.

import { href } from "./address.js";
import { caseNamed, data, findingNamed, implementationNamed } from "./data.js";
import { copyable, count, h, linked, prose } from "./dom.js";
import { filtered } from "./filter.js";
import { written } from "./query.js";
import { caseLink, fact, folded, grouped } from "./words.js";

export function findingsView(current) {
  const kinds = [...new Set(data.findings.map((finding) => finding.kind).filter(Boolean))].sort();
  const chosen = findingNamed.get(current.finding);
  const listed = data.findings.filter((finding) => !current.kind || finding.kind === current.kind);
  return h(
    "section",
    h("h2", { tabindex: -1 }, "Findings"),
    h("p.lead", "Defects, undocumented behaviour and limitations of implementations. Known deviations refer to these."),
    h(
      "nav.tabs",
      { "aria-label": "Kind" },
      ["", ...kinds].map((kind) =>
        h(
          "a",
          {
            href: href({ view: "findings", kind }),
            "aria-current": !chosen && (current.kind ?? "") === kind ? "true" : null,
          },
          kind
            ? `${kind} (${data.findings.filter((finding) => finding.kind === kind).length})`
            : `all (${data.findings.length})`,
        ),
      ),
    ),
    chosen ? findingPage(chosen) : listed.length ? contents(listed) : h("p", "None."),
    chosen ? h("p", h("a", { href: href({ view: "findings" }) }, "All findings")) : null,
  );
}

/** The findings by framework, each one line that unfolds. */
function contents(findings) {
  const origins = grouped(findings, ({ implementations = [] }) =>
    [...new Set(implementations.map((id) => implementationNamed.get(id)?.origin).filter(Boolean))].join(", "),
  );
  const lines = [...origins].map(([origin, members]) => {
    const entries = members.map((finding) => {
      return h(
        "details.finding",
        {
          id: `finding:${finding.id}`,
          "data-text": [finding.id, finding.title, finding.says, finding.condition, origin].join(" "),
        },
        h("summary", h("bdi", finding.title ?? finding.id), h("span.meta", h("span", finding.kind ?? ""))),
        detailsOf(finding),
      );
    });
    return h(
      "section",
      h(
        "h3",
        h("bdi", origin || "Shown by no implementation of this run"),
        " ",
        h("span.meta", count(entries.length, "finding")),
      ),
      entries,
    );
  });
  return filtered("Filter the findings", lines, ".finding");
}

const FACTS = {
  condition: "Condition",
  rule: "Rule",
  claims: "Documented",
  documented: "Expected",
  observed: "Observed",
  place: "Cause in the source",
  source: "Source",
};

function findingPage(finding) {
  return h(
    "article.card",
    { id: `finding:${finding.id}` },
    h("h3", h("bdi", finding.title ?? finding.id)),
    h("p.meta", h("code", finding.id), finding.kind ? h("span", finding.kind) : null),
    detailsOf(finding),
  );
}

function detailsOf(finding) {
  const members = (finding.implementations ?? [])
    .map((id) => implementationNamed.get(id)?.index)
    .filter((number) => number !== undefined);
  const entry = caseNamed.get(finding.case);
  return [
    finding.says ? prose(finding.says) : null,
    h(
      "dl.facts",
      fact("Id", h("a", { href: href({ view: "findings", finding: finding.id }) }, h("code", finding.id))),
      Object.entries(FACTS).map(([key, label]) => (finding[key] ? fact(label, linked(String(finding[key]))) : null)),
      members.length ? fact("Implementations", folded(members, 10)) : null,
      entry ? fact("Case", caseLink(entry)) : null,
      fact(
        "Cases",
        h("a", { href: href({ view: "cases", q: written("finding", finding.id) }) }, "all cases that show it"),
      ),
      finding.see?.length
        ? fact(
            "See",
            finding.see.map((link, index) => [index ? ", " : "", linked(link)]),
          )
        : null,
    ),
    finding.code
      ? h(
          "details",
          h("summary", "Code that reproduces it"),
          copyable(finding.code, "Code that reproduces the finding"),
        )
      : null,
    finding.report
      ? h("details", h("summary", "Bug report"), copyable(finding.report, "Bug report in Markdown"))
      : null,
  ];
}
