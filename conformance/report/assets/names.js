// The metric that a string given to compile() becomes: by loss and shapes, for each string and framework.

import { href } from "./address.js";
import { data } from "./data.js";
import { h, scrolled } from "./dom.js";
import { LETTERS, broken } from "./words.js";

export function namesView(current) {
  const rows = data.resolutions;
  if (!rows.length)
    return h(
      "section",
      h("h2", { tabindex: -1 }, "compile() strings: which metric is picked"),
      h("p", "This document has no table of compile() strings."),
    );
  const [places, strings] = [0, 1].map((column) => [...new Set(rows.map((row) => row[column]))]);
  const place = places.includes(current.place) ? current.place : places[0];
  const string = strings.includes(current.string) ? current.string : strings[0];
  const found = rows.filter((row) => row[0] === place && row[1] === string);
  const shapes = [...new Set(found.map((row) => `${row[3]}\n${row[4]}`))];
  const losses = [...new Set(found.map((row) => row[2]))];
  const became = [...new Set(found.map((row) => row[5]))].sort();
  const tabs = (label, values, chosen, key) =>
    h(
      "nav.tabs",
      { "aria-label": label },
      values.map((value) =>
        h(
          "a",
          {
            href: href({ view: "names", place, string, [key]: value }),
            "aria-current": value === chosen ? "true" : null,
          },
          value,
        ),
      ),
    );
  const cell = (loss, shape) => {
    const row = found.find((candidate) => candidate[2] === loss && `${candidate[3]}\n${candidate[4]}` === shape);
    if (!row) return h("td.none");
    const tint = row[6] ? "plain" : `g${LETTERS[became.indexOf(row[5]) % LETTERS.length]}`;
    return h(
      `td.${tint}${row[7] ? "" : ".urgent"}`,
      { title: row[7] ? null : "It differs from the definition." },
      broken(row[5]),
    );
  };
  return h(
    "section",
    h("h2", { tabindex: -1 }, "compile() strings: which metric is picked"),
    h(
      "p.lead",
      "A string given to compile() becomes a metric when the model sees its first batch. Rows are losses, columns are ",
      "shapes of y_true and y_pred; exceptions are uncoloured.",
    ),
    tabs("Framework", places, place, "place"),
    tabs("String", strings, string, "string"),
    scrolled(
      "Metric picked",
      h(
        "table.names-table",
        h(
          "thead",
          h(
            "tr",
            h("th", { scope: "col" }, "loss"),
            shapes.map((shape) =>
              h(
                "th",
                { scope: "col" },
                shape
                  .split("\n")
                  .map((text, index) => h("div", h("small", index ? "y_pred " : "y_true "), h("code", text))),
              ),
            ),
          ),
        ),
        h(
          "tbody",
          losses.map((loss) =>
            h(
              "tr",
              h("th", { scope: "row" }, h("code", loss)),
              shapes.map((shape) => cell(loss, shape)),
            ),
          ),
        ),
      ),
    ),
  );
}
