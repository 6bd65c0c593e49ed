// Charts over all cases: agreement, accuracy against threshold, weights and batches.

import { href } from "./address.js";
import { CURVES_SAY, curvesFigure } from "./curves.js";
import { cases, quantities } from "./data.js";
import { copied, h } from "./dom.js";
import { heatmapFigure } from "./heatmap.js";
import { verdictOf } from "./store.js";
import { STRIPS_SAY, stripsFigure } from "./strips.js";
import { caseLink, quantityTabs } from "./words.js";

const MOST_FIGURES = 6;

export function picturesView(current) {
  const quantity = quantities.includes(current.quantity) ? current.quantity : quantities[0];
  const curved = cases.filter((entry) => entry.curves).sort((left, right) => interest(right) - interest(left));
  const stripped = cases
    .filter(
      (entry) =>
        verdictOf(entry) === "diverge" &&
        ["accumulation", "weights", "score-transform"].some((axis) => entry.causes.includes(axis)),
    )
    .sort((left, right) => left.size - right.size);
  return h(
    "section",
    h("h2", { tabindex: -1 }, "Charts"),
    h("h3", "Agreement between implementations"),
    quantityTabs(quantity, (name) => href({ view: "pictures", quantity: name })),
    quantity ? heatmapFigure(quantity) : null,
    gallery(
      "Accuracy against threshold",
      curved,
      curvesFigure,
      CURVES_SAY,
      "No case of this run has scores to compare with a threshold.",
    ),
    gallery(
      "Weights and batches",
      stripped,
      stripsFigure,
      STRIPS_SAY,
      "In no case of this run weights or batches are a cause.",
    ),
  );
}

/** Cases with few thresholds and several distinct curves come first. */
function interest(entry) {
  return Math.min(entry.curves.curves.length, 4) * 10 - entry.curves.at.length;
}

function gallery(title, entries, figure, says, nothing) {
  const figures = [];
  for (const entry of entries) {
    if (figures.length === MOST_FIGURES) break;
    const drawn = figure(entry);
    if (drawn) figures.push(h("div.framed", h("p", caseLink(entry)), drawn));
  }
  return [h("h3", title), figures.length ? [h("p.meta", copied(says)), h("div.figures", figures)] : h("p", nothing)];
}
