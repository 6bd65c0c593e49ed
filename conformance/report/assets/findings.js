// Findings: what an implementation does that its documentation does not say, ready to file.

function findingsView(current) {
  const kinds = [...new Set(data.findings.map((finding) => finding.kind).filter(Boolean))].sort();
  const chosen = findingNamed.get(current.finding);
  const listed = chosen ? [chosen] : data.findings.filter((finding) => !current.kind || finding.kind === current.kind);
  return h("section", null, h("h2", { tabindex: -1 }, "Findings"),
    h("p.lead", null, "What an implementation does that its documentation does not say. Recorded departures refer to these."),
    h("nav.tabs", { "aria-label": "Kind" }, ["", ...kinds].map((kind) => h("a", { href: href({ view: "findings", kind }), "aria-current": !chosen && (current.kind ?? "") === kind ? "true" : null },
      kind ? `${kind} (${data.findings.filter((finding) => finding.kind === kind).length})` : `all (${data.findings.length})`))),
    listed.length ? listed.map(findingPage) : h("p", null, "There is none."));
}

const FACTS = { condition: "When", rule: "What holds then", claims: "What is documented", documented: "So it should give", observed: "It gives", place: "Cause in the source", source: "Source" };

function findingPage(finding) {
  const members = (finding.implementations ?? []).map((id) => implementationNamed.get(id)?.index).filter((number) => number !== undefined);
  const entry = caseNamed.get(finding.case);
  return h("article.card", { id: `finding:${finding.id}` }, h("h3", null, h("a", { href: href({ view: "findings", finding: finding.id }) }, h("bdi", null, finding.title ?? finding.id))),
    h("p.meta", null, h("code", null, finding.id), finding.kind ? h("span", null, finding.kind) : null),
    finding.says ? prose(finding.says) : null,
    h("dl.facts", null, Object.entries(FACTS).map(([key, label]) => (finding[key] ? fact(label, linked(String(finding[key]))) : null)),
      members.length ? fact("Implementations", named(members)) : null,
      entry ? fact("Smallest case", caseLink(entry)) : null,
      fact("Cases", h("a", { href: href({ view: "cases", q: written("finding", finding.id) }) }, "all that show it")),
      finding.see?.length ? fact("See", finding.see.map((link, index) => [index ? ", " : "", linked(link)])) : null),
    finding.code ? h("details", null, h("summary", null, "Code that shows it"), copyable(finding.code, "Code that shows the finding")) : null,
    finding.report ? h("details", null, h("summary", null, "Bug report, ready to file"), copyable(finding.report, "Bug report in Markdown")) : null);
}
