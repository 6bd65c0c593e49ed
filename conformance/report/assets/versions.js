// Versions and settings of every environment.

function versionsView() {
  const lines = Object.entries(data.environments).map(([name, environment]) => [name ? `@${name}` : "default", environment.python ?? "",
    h("ul.clean", null, Object.entries(environment.packages ?? {}).map(([item, version]) => h("li", null, h("code", null, `${item} ${version}`)))),
    h("ul.clean", null, Object.entries(environment.settings ?? {}).map(([item, value]) => h("li", null, h("b", null, item), " ", settingsOf(value))))]);
  return h("section", null, h("h2", { tabindex: -1 }, "Versions and environment"),
    data.generated ? h("p.lead", null, "Run on ", h("bdi", null, String(data.generated)), ".") : null,
    table(["Environment", "Python", "Packages", "Settings"], lines, { class: "versions", label: "Versions and settings" }),
    data.missing.length ? h("p", null, "Not installed: ", data.missing.map((entry) => entry.framework).join(", "), ".") : null);
}

function settingsOf(value) {
  if (value === null || typeof value !== "object") return h("code", null, String(value));
  return h("ul.clean", null, Object.entries(value).map(([key, entry]) => h("li", null, h("code", null, key), " ", settingsOf(entry))));
}
