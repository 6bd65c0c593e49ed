// Accuracy against threshold: step curves; filled dots belong to a curve, open dots do not.

import { implementationNamed } from "./data.js";
import { count, h, svg } from "./dom.js";
import { named } from "./words.js";

const CURVE = { width: 560, height: 260, left: 44, right: 16, top: 14, bottom: 40 };

export const CURVES_SAY = [
  "What the definitions predict for these scores at every threshold. A filled dot belongs to the curve, an open dot ",
  "does not: this is where ",
  h("code", ">"),
  " and ",
  h("code", ">="),
  " differ. The dotted line is the threshold of the case, by default 0.5. Overlapping curves are offset slightly.",
];

export function curvesFigure(entry) {
  const { at, curves } = entry.curves ?? {};
  if (!at || !curves?.length) return null;
  const x = (value) => CURVE.left + value * (CURVE.width - CURVE.left - CURVE.right);
  const y = (value) => CURVE.height - CURVE.bottom - value * (CURVE.height - CURVE.top - CURVE.bottom);
  const threshold = /^threshold:\s*([-+.\deE]+)\s*$/m.exec(entry.yaml)?.[1];
  const marked = threshold === undefined ? 0.5 : Number(threshold);
  const inView = marked >= 0 && marked <= 1;
  const picture = svg(
    "svg",
    {
      class: "curves",
      viewBox: `0 0 ${CURVE.width} ${CURVE.height}`,
      role: "img",
      "aria-label": `Accuracy against threshold: ${count(curves.length, "distinct curve")}`,
    },
    axes(x, y, at),
    inView && svg("g", { class: "mark" }, svg("line", { x1: x(marked), x2: x(marked), y1: CURVE.top - 6, y2: y(0) })),
    curves.map((curve, index) => curveOf(curve, index, at, x, y, curves.length)),
  );
  const names = curves.map((curve, index) =>
    h(
      "li",
      swatch(index),
      named(
        curve.implementations.map((id) => implementationNamed.get(id)?.index).filter((number) => number !== undefined),
      ),
    ),
  );
  return h("figure", picture, h("figcaption", h("ul.key", names)));
}

function axes(x, y, at) {
  const line = (x1, y1, x2, y2, kind) => svg("line", { x1, y1, x2, y2, class: kind });
  const text = (left, top, content, anchor) => svg("text", { x: left, y: top, "text-anchor": anchor }, content);
  return svg(
    "g",
    { class: "axes" },
    [0, 0.25, 0.5, 0.75, 1].map((value) => [
      line(x(0), y(value), x(1), y(value), "grid"),
      text(x(0) - 8, y(value) + 4, String(value), "end"),
    ]),
    spaced(at, x).map(([value, label]) => [
      line(x(value), y(0), x(value), y(0) + 5, "tick"),
      label && text(x(value), y(0) + 18, label, "middle"),
    ]),
    text(x(0.5), CURVE.height - 4, "threshold", "middle"),
  );
}

/** Labels that would overlap the previous one are omitted. */
function spaced(at, x) {
  let last = -Infinity;
  return at.map((value) => {
    if (x(value) - last < 34) return [value, ""];
    last = x(value);
    return [value, String(Number(value.toPrecision(3)))];
  });
}

function curveOf(curve, index, at, x, y, number) {
  const shift = (index - (number - 1) / 2) * 3.2;
  const point = (place) => [x(at[place]), y(curve.at[place]) + shift];
  const parts = [];
  curve.between.forEach((value, place) => {
    if (value === null) return;
    const height = y(value) + shift;
    parts.push(svg("line", { x1: x(at[place]), x2: x(at[place + 1]), y1: height, y2: height }));
    for (const end of [place, place + 1]) {
      if (curve.at[end] !== value) parts.push(svg("circle", { class: "open", cx: x(at[end]), cy: height, r: 3.6 }));
    }
  });
  const dots = curve.at
    .map((value, place) => [value, place])
    .filter(
      ([value, place]) => value !== null && (curve.between[place] !== value || curve.between[place - 1] !== value),
    )
    .map(([, place]) => svg("circle", { class: "closed", cx: point(place)[0], cy: point(place)[1], r: 3.6 }));
  return svg("g", { class: `curve s${index % 8}` }, parts, dots);
}

function swatch(index) {
  return svg(
    "svg",
    { class: `curves swatch s${index % 8}`, viewBox: "0 0 30 10", "aria-hidden": "true" },
    svg("g", { class: `curve s${index % 8}` }, svg("line", { x1: 0, x2: 30, y1: 5, y2: 5 })),
  );
}
