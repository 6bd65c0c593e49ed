// Versions and settings of every environment.

import { data } from "./data.js";
import { h, table } from "./dom.js";

export function versionsView() {
  const lines = Object.entries(data.environments).map(([name, environment]) => [
    name ? `@${name}` : "default",
    environment.python ?? "",
    h(
      "ul.clean",
      Object.entries(environment.packages ?? {}).map(([item, version]) => h("li", h("code", `${item} ${version}`))),
    ),
    h(
      "ul.clean",
      Object.entries(environment.definitions ?? {}).map(([item, known]) =>
        h("li", h("code", `${item} ${known.oldest}`), " to ", h("code", known.newest), outside(known.installed)),
      ),
    ),
    h(
      "ul.clean",
      Object.entries(environment.settings ?? {}).map(([item, value]) => h("li", h("b", item), " ", settingsOf(value))),
    ),
  ]);
  return h(
    "section",
    h("h2", { tabindex: -1 }, "Versions and environment"),
    data.generated ? h("p.lead", "Run on ", h("bdi", String(data.generated)), ".") : null,
    table(["Environment", "Python", "Packages", "Definitions hold for", "Settings"], lines, {
      class: "versions",
      label: "Versions and settings",
    }),
    data.missing.length
      ? h("p", "Not installed: ", data.missing.map((entry) => entry.framework).join(", "), ".")
      : null,
  );
}

function outside(installed) {
  if (installed === "older") return "; this one is older: observed only";
  return installed === "newer" ? "; this one is newer" : "";
}

function settingsOf(value) {
  if (value === null || typeof value !== "object") return h("code", String(value));
  return h(
    "ul.clean",
    Object.entries(value).map(([key, entry]) => h("li", h("code", key), " ", settingsOf(entry))),
  );
}
