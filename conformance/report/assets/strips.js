// How the rows add up: one strip for each way of counting, a row as wide as its weight, updates set apart.

import { data, store } from "./data.js";
import { h, svg } from "./dom.js";
import { verdictOf } from "./store.js";
import { grouped, letter, named } from "./words.js";

const STRIP = { width: 560, height: 22, gap: 8 };

export const STRIPS_SAY =
  "Each block is a row, as wide as its weight; a gap parts two updates. Full: counted right. Pale with a dashed edge: counted wrong. Dotted: left out. Who pools the rows of all updates does not see the gaps; who takes the mean of each update, or looks at each update by itself, does: feed equal batches, or all rows at once. A metric without weights sees blocks of equal width: repeat the rows, or weigh the result yourself.";

export function stripsFigure(entry) {
  const updates = entry.columns.indexOf("update");
  const weights = entry.columns.indexOf("sample_weight");
  if (updates < 0 && weights < 0) return null;
  if (!entry.traced.length || !entry.rows.length || entry.left) return null;
  const widths = entry.rows.map((row) => (weights < 0 ? 1 : Math.abs(Number(row[weights]))));
  if (!widths.every(Number.isFinite)) return null;
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (!total) return null;
  const breaks = updates < 0 ? 0 : new Set(entry.rows.map((row) => row[updates])).size - 1;
  const unit = (STRIP.width - breaks * STRIP.gap) / total;
  // Who counted the rows alike and came to the same is drawn once.
  const alike = grouped(
    entry.traced.flatMap(([trace, ...members]) => members.map((number) => [trace, number])),
    ([trace, number]) =>
      JSON.stringify([
        data.traces[trace].map(kindsOf),
        store.cellsOf(entry).get(number)?.quantity,
        store.cellsOf(entry).get(number)?.letter,
      ]),
  );
  const strips = [...alike.values()].map((found) => {
    const cell = store.cellsOf(entry).get(found[0][1]);
    return h(
      "li",
      h(
        "p",
        cell && letter(verdictOf(entry, cell.quantity), cell.group, cell.letter),
        " ",
        h("b.value", cell?.record.brief ?? ""),
      ),
      strip(
        entry,
        data.traces[found[0][0]],
        widths.map((width) => width * unit),
        updates,
      ),
      named(
        found.map(([, number]) => number),
        6,
      ),
    );
  });
  return h("figure", h("ul.strips", strips));
}

function strip(entry, trace, widths, updates) {
  let left = 0;
  const blocks = widths.map((width, row) => {
    if (row && updates >= 0 && entry.rows[row][updates] !== entry.rows[row - 1][updates]) left += STRIP.gap;
    const sentences = (trace[row] ?? []).map((number) => data.sentences[number]);
    const block = svg(
      "rect",
      { x: left + 1, y: 1, width: Math.max(0, width - 2), height: STRIP.height - 2, class: kindOf(sentences) },
      svg("title", sentences.join("; ")),
    );
    left += width;
    return block;
  });
  return svg(
    "svg",
    {
      class: "strip",
      viewBox: `0 0 ${STRIP.width} ${STRIP.height}`,
      role: "img",
      "aria-label": trace.map((row) => row.map((number) => data.sentences[number]).join(", ")).join("; "),
    },
    blocks,
  );
}

function kindsOf(row) {
  return kindOf(row.map((number) => data.sentences[number]));
}

function kindOf(sentences) {
  const text = sentences.join(" ");
  if (text.includes("left out")) return "out";
  if (!text.includes("miss")) return text.includes("hit") ? "hit" : "out";
  return text.includes("hit") ? "half" : "miss";
}
