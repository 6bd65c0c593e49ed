// Agreement between implementations, ordered so that those that agree are adjacent.

import { go, state } from "./address.js";
import { FEW, MANY_LINES, hiddenColumns } from "./cases.js";
import { cases, pairs } from "./data.js";
import { count, h, svg } from "./dom.js";
import { roving } from "./roving.js";

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

/** Below this width of the window names are cut short. */
const NARROW = 700;

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
  const most = innerWidth < NARROW ? 20 : 40;
  const [left, top] = [most * 6.7 + 8, most * 6.7 + 8];
  const [width, height] = [left + size * order.length + 8, top + size * order.length + 8];
  const named = order.map((place) => shortened(`${members[place].origin} ${members[place].name}`, most));
  const readout = h(
    "p.readout",
    { "aria-live": "polite" },
    "Point at a square, or move to it with the arrow keys, to see the two implementations; click it or press Enter to ",
    "compare them.",
  );
  const rows = order.map((one, row) =>
    order.map((other, column) => {
      const place = [left + size * column, top + size * row];
      return square(place, size, common[one][other], agreeing[one][other], row, column);
    }),
  );
  const heads = named.map((name, column) => {
    const [x, y] = [left + size * (column + 0.68), top - 6];
    return svg("text", { x, y, role: "columnheader", transform: `rotate(-90 ${x} ${y})` }, name);
  });
  const lines = rows.map((squares, row) =>
    svg(
      "g",
      { role: "row" },
      svg("text", { x: left - 6, y: top + size * (row + 0.72), "text-anchor": "end", role: "rowheader" }, named[row]),
      squares,
    ),
  );
  const picture = svg(
    "svg",
    {
      ...{ class: "heatmap", viewBox: `0 0 ${width} ${height}`, width, role: "grid" },
      "aria-label": `How often each two of ${order.length} implementations agree, ordered by similarity`,
    },
    svg("g", { role: "row" }, svg("text", { role: "columnheader", x: 4, y: top - 6 }, "Implementation"), heads),
    lines,
  );
  roving(
    picture,
    rows.map((squares) => squares.map((each) => each.querySelector("rect"))),
  );
  const at = ({ target }) =>
    target.dataset.row === undefined ? null : [target.dataset.row, target.dataset.column].map((place) => order[place]);
  const told = (event) => {
    const [one, other] = at(event) ?? [];
    if (one === undefined) return;
    const says = `${members[one].id} and ${members[other].id}: ${shareWords(common[one][other], agreeing[one][other])}`;
    event.target.setAttribute("aria-label", says);
    readout.textContent = says;
  };
  const opened = (event) => {
    const [one, other] = at(event) ?? [];
    if (one !== undefined && one !== other) go({ view: "start", a: members[one].id, b: members[other].id });
  };
  let tapped = null;
  picture.addEventListener("pointerover", told);
  picture.addEventListener("focusin", told);
  picture.addEventListener("keydown", (event) => {
    if (event.key === "Enter") opened(event);
  });
  picture.addEventListener("click", (event) => {
    // There is no pointing with a finger: the first tap says what a square is, the second one opens it.
    const isFirst = event.pointerType === "touch" && tapped !== event.target;
    tapped = event.target;
    if (!isFirst) opened(event);
  });
  return h(
    "figure",
    h(
      "p.meta",
      `${count(asked, "case")}.`,
      hiddenColumns(often.length < 2 ? 0 : members.length - often.length, all, state()),
    ),
    readout,
    h("div.scroll", picture),
    h(
      "figcaption",
      scale(),
      h(
        "p",
        "The darker a square, the larger the share of common cases on which two implementations agree. A stroke means ",
        "that they never agree, an empty square that they have no common case.",
      ),
    ),
  );
}

function shareWords(common, agreeing) {
  if (!common) return "no common case.";
  return `they agree on ${agreeing} of ${count(common, "common case")}.`;
}

function square([x, y], size, common, agreeing, row, column) {
  const step = common ? Math.floor((agreeing / common) * 10) : -1;
  const isNever = step === 0 && !agreeing;
  return svg(
    "g",
    { role: "presentation" },
    svg("rect", {
      ...{ x: x + 0.5, y: y + 0.5, width: size - 1, height: size - 1, class: step < 0 ? "none" : `h${step}` },
      ...{ role: "gridcell", "data-row": row, "data-column": column },
    }),
    isNever ? svg("line", { x1: x + 4, y1: y + size - 4, x2: x + size - 4, y2: y + 4, class: "never" }) : null,
  );
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
