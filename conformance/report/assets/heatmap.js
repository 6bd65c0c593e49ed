// Agreement between implementations, ordered so that those that agree are adjacent.

import { go, state } from "./address.js";
import { FEW, MANY_LINES, hiddenColumns } from "./cases.js";
import { cases, pairs } from "./data.js";
import { count, h, scrolled, svg } from "./dom.js";

/** Order by average linkage: join the two nearest clusters until one is left. */
function similarityOrder(members, share) {
  const clusters = members.map((_, index) => [index]);
  const distance = (left, right) => {
    let sum = 0;
    for (const one of left) for (const other of right) sum += 1 - share(one, other);
    return sum / (left.length * right.length);
  };
  const between = clusters.map((left) => clusters.map((right) => distance(left, right)));
  let live = clusters.map((_, index) => index);
  while (live.length > 1) {
    let [best, one, other] = [Infinity, 0, 1];
    for (const left of live)
      for (const right of live) {
        if (left < right && between[left][right] < best) [best, one, other] = [between[left][right], left, right];
      }
    const [sizeOne, sizeOther] = [clusters[one].length, clusters[other].length];
    for (const third of live) {
      const mean = (sizeOne * between[one][third] + sizeOther * between[other][third]) / (sizeOne + sizeOther);
      between[one][third] = mean;
      between[third][one] = mean;
    }
    clusters[one] = [...clusters[one], ...clusters[other]];
    live = live.filter((index) => index !== other);
  }
  return live.length ? clusters[live[0]] : [];
}

export function heatmapFigure(quantity) {
  const { members, common, agreeing } = pairs.agreements(quantity);
  if (members.length < 2) return h("p", "Fewer than two implementations: there is nothing to compare.");
  const asked = cases.filter((entry) => entry.compared[quantity]).length;
  const often = asked < MANY_LINES ? members : members.filter((_, place) => common[place][place] >= asked * FEW);
  const all = state().columns === "all" || often.length < 2;
  const places = (all ? members : often).map((entry) => members.indexOf(entry));
  const share = (one, other) => (common[one][other] ? agreeing[one][other] / common[one][other] : 0.5);
  const order = similarityOrder(places, (one, other) => share(places[one], places[other])).map(
    (place) => places[place],
  );
  const size = order.length > 45 ? 15 : 22;
  const [left, top] = [300, 10];
  const width = left + size * order.length + 8;
  const picture = svg("svg", {
    class: "heatmap",
    viewBox: `0 0 ${width} ${top + size * order.length + 8}`,
    width,
    role: "img",
    "aria-label": `How often each two of ${order.length} implementations agree, ordered by similarity`,
  });
  const readout = h(
    "p.readout",
    { "aria-live": "polite" },
    "Point at a square to see the two implementations; click it to compare them.",
  );
  order.forEach((one, row) => {
    picture.append(
      svg(
        "text",
        { x: left - 6, y: top + size * row + size * 0.72, "text-anchor": "end" },
        shortened(`${members[one].origin} ${members[one].name}`, 40),
      ),
    );
    order.forEach((other, column) =>
      picture.append(
        square(left + size * column, top + size * row, size, common[one][other], agreeing[one][other], row, column),
      ),
    );
  });
  const at = (event) => {
    const { row, column } = event.target.dataset;
    return row === undefined ? null : [order[row], order[column]];
  };
  picture.addEventListener("pointerover", (event) => {
    const [one, other] = at(event) ?? [];
    if (one === undefined) return;
    const agree = shareWords(common[one][other], agreeing[one][other]);
    readout.textContent = `${members[one].id} and ${members[other].id}: ${agree}`;
  });
  picture.addEventListener("click", (event) => {
    const place = at(event);
    if (place && place[0] !== place[1]) go({ view: "start", a: members[place[0]].id, b: members[place[1]].id });
  });
  return h(
    "figure",
    h(
      "p.meta",
      `${count(asked, "case")}.`,
      hiddenColumns(often.length < 2 ? 0 : members.length - often.length, all, state()),
    ),
    readout,
    scrolled("Agreement between implementations", picture),
    h(
      "figcaption",
      scale(),
      h(
        "p",
        "The darker a square, the larger the share of common cases on which two implementations agree. A stroke means ",
        "that they never agree, an empty square that they have no common case. Columns are in the order of the rows.",
      ),
    ),
  );
}

function shareWords(common, agreeing) {
  if (!common) return "no common case.";
  return `they agree on ${agreeing} of ${count(common, "common case")}.`;
}

function square(x, y, size, common, agreeing, row, column) {
  const step = common ? Math.floor((agreeing / common) * 10) : -1;
  const box = svg("rect", {
    x: x + 0.5,
    y: y + 0.5,
    width: size - 1,
    height: size - 1,
    class: step < 0 ? "none" : `h${step}`,
    "data-row": row,
    "data-column": column,
  });
  if (step !== 0 || agreeing) return box;
  return svg("g", box, svg("line", { x1: x + 4, y1: y + size - 4, x2: x + size - 4, y2: y + 4, class: "never" }));
}

function scale() {
  return h(
    "p.scale",
    "never ",
    svg(
      "svg",
      { class: "heatmap", viewBox: "0 0 176 16", width: 176, height: 16, "aria-hidden": "true" },
      Array.from({ length: 11 }, (_, step) =>
        svg("rect", { x: step * 16 + 0.5, y: 0.5, width: 15, height: 15, class: `h${step}` }),
      ),
    ),
    " always",
  );
}

function shortened(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
