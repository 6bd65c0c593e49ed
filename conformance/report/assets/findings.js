// Findings: defects, undocumented behaviour and limitations, ready to report.

import { href } from "./address.js";
import { caseNamed, data, findingNamed, implementationNamed } from "./data.js";
import { copyable, h, linked, prose } from "./dom.js";
import { written } from "./query.js";
import { caseLink, fact, named } from "./words.js";

export function findingsView(current) {
  const kinds = [...new Set(data.findings.map((finding) => finding.kind).filter(Boolean))].sort();
  const chosen = findingNamed.get(current.finding);
  const listed = chosen ? [chosen] : data.findings.filter((finding) => !current.kind || finding.kind === current.kind);
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
    listed.length ? listed.map(findingPage) : h("p", "None."),
  );
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
  const members = (finding.implementations ?? [])
    .map((id) => implementationNamed.get(id)?.index)
    .filter((number) => number !== undefined);
  const entry = caseNamed.get(finding.case);
  return h(
    "article.card",
    { id: `finding:${finding.id}` },
    h("h3", h("a", { href: href({ view: "findings", finding: finding.id }) }, h("bdi", finding.title ?? finding.id))),
    h("p.meta", h("code", finding.id), finding.kind ? h("span", finding.kind) : null),
    finding.says ? prose(finding.says) : null,
    h(
      "dl.facts",
      Object.entries(FACTS).map(([key, label]) => (finding[key] ? fact(label, linked(String(finding[key]))) : null)),
      members.length ? fact("Implementations", named(members)) : null,
      entry ? fact("Smallest case", caseLink(entry)) : null,
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
  );
}
