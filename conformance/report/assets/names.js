// The metric that a string given to compile() becomes: by loss and shapes, for each string and framework.

import { href } from "./address.js";
import { data } from "./data.js";
import { count, h, scrolled } from "./dom.js";
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
  const other = current.with !== string && strings.includes(current.with) ? current.with : null;
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
      "A string given to compile() becomes a metric when the model sees its first batch. Rows are losses, columns ",
      `are ${count(shapes.length, "pair")} of shapes of y_true and y_pred, and scroll sideways where they do not fit; `,
      "exceptions are uncoloured.",
    ),
    other ? comparison(places, string, other) : null,
    tabs("Framework", places, place, "place"),
    tabs("String", strings, string, "string"),
    sameStrings(place, string),
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

/** What a string becomes in a framework, by loss and shapes. */
function becoming(place, string) {
  const rows = data.resolutions.filter((row) => row[0] === place && row[1] === string);
  return new Map(
    rows.map(([, , loss, targets, scores, became, raises]) => [[loss, targets, scores].join("\n"), { became, raises }]),
  );
}

/** For how many losses and shapes two strings were tried, became the same metric, and raised the same. */
function agreement(place, one, other) {
  const [left, right] = [becoming(place, one), becoming(place, other)];
  const common = [...left.keys()].filter((asked) => right.has(asked));
  const losses = [...new Set(common.map((asked) => asked.split("\n")[0]))];
  const alike = common.filter((asked) => left.get(asked).became === right.get(asked).became);
  const raising = alike.filter((asked) => left.get(asked).raises);
  return { common: common.length, same: alike.length - raising.length, raising: raising.length, losses };
}

/** Whether two strings are the same, in each framework. */
function comparison(places, one, other) {
  const tried = places.map((place) => agreement(place, one, other)).filter(({ common }) => common);
  const isSame = tried.every(({ common, same, raising }) => same + raising === common);
  return [
    h("p", h("b", isSame ? "The same metric: " : "Not the same: "), h("code", one), " and ", h("code", other), "."),
    comparedIn(places, one, other),
  ];
}

function comparedIn(places, one, other) {
  return h(
    "ul.same",
    places.map((place) => {
      const { common, same, raising, losses } = agreement(place, one, other);
      if (!common) return null;
      return h(
        "li",
        h("b", h("bdi", place)),
        ": ",
        [h("code", one), " and ", h("code", other)],
        ` become the same metric for ${same === common ? "all" : `${same} of`} ${count(common, "combination")} that `,
        `${common === 1 ? "was" : "were"} tried with both`,
        raising ? `, and both raise the same for ${same + raising === common ? "the other " : ""}${raising}` : "",
        `. ${losses.length === 1 ? "Loss" : "Losses"}: `,
        listed(losses),
        ".",
      );
    }),
    h(
      "li",
      "The logs have different keys, which callbacks such as early stopping monitor: ",
      listed(keysOf(one, other)),
    ),
  );
}

/** A metric is logged under the string as it is given. */
function keysOf(...strings) {
  return strings.flatMap((string) => [string, `val_${string}`]);
}

function listed(names) {
  return names.map((name, index) => [index ? ", " : "", h("code", name)]);
}

/** The strings that are the same as one of a framework. */
function sameStrings(place, string) {
  const strings = [...new Set(data.resolutions.map((row) => row[1]))];
  const same = strings.filter((other) => {
    const found = agreement(place, string, other);
    return other !== string && found.same && found.same + found.raising === found.common;
  });
  if (!same.length) return h("p.meta", "No other string of this table becomes the same metric everywhere.");
  return h("p.meta", "The same metric, or the same exception, wherever both were tried: ", listed(same), ".");
}
