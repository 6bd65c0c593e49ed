// How samples add up: one strip per way of counting, blocks as wide as the weights, with gaps between updates.

import { data, store } from "./data.js";
import { h, svg } from "./dom.js";
import { verdictOf } from "./store.js";
import { folded, grouped, letter } from "./words.js";

const STRIP = { width: 560, height: 22, gap: 8 };

export const STRIPS_SAY = [
  "Each block is a sample, as wide as its weight, with gaps between updates. Filled: correct. Pale with a dashed ",
  "edge: incorrect. Dotted: ignored. Metrics that sum counts over all updates are not affected by the gaps; those ",
  "that average the updates are: use batches of equal size, or a single update. A metric without weights gives all ",
  "blocks the same width: repeat samples instead.",
];

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
  // Implementations that count samples alike and have the same outcome share a strip.
  const alike = grouped(
    entry.traced.flatMap(([trace, ...members]) => members.map((number) => [trace, number])),
    ([trace, number]) =>
      JSON.stringify([
        data.traces[trace].map(kindOf),
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
      folded(
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
    const sentences = (trace[row] ?? []).map((number) => data.counted[number][0]);
    const block = svg(
      "rect",
      { x: left + 1, y: 1, width: Math.max(0, width - 2), height: STRIP.height - 2, class: kindOf(trace[row] ?? []) },
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
      "aria-label": trace.map((row) => row.map((number) => data.counted[number][0]).join(", ")).join("; "),
    },
    blocks,
  );
}

/** The class of a sample with several elements: the kind of all, or partly correct. */
function kindOf(row) {
  const kinds = new Set(row.map((number) => data.counted[number][1]));
  kinds.delete("ignored");
  return kinds.size > 1 ? "partly" : (kinds.values().next().value ?? "ignored");
}
