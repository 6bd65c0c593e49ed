// A grid whose cells are one stop of the Tab key: arrow keys move the focus within it.

/** How far each key moves, in rows and columns. */
const STEPS = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  PageDown: [10, 0],
  PageUp: [-10, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** The place that a key leads to from another, within so many rows and columns; null if it moves nothing. */
export function moved({ key, ctrlKey = false }, [row, column], [rows, columns]) {
  const [down, right] = STEPS[key] ?? [];
  if (down === undefined) return null;
  const within = (place, size) => Math.max(0, Math.min(size - 1, place));
  // With Ctrl, Home and End lead to the first and last row, too.
  return [within(row + (ctrlKey && !Number.isFinite(right) ? right : down), rows), within(column + right, columns)];
}

/** Make cells one stop of the Tab key, and move it with the arrow keys; rows that are hidden are left out. */
export function roving(grid, rows) {
  let stop = rows[0]?.[0];
  for (const cell of rows.flat()) cell.tabIndex = cell === stop ? 0 : -1;
  const stay = (cell) => {
    stop.tabIndex = -1;
    stop = cell;
    stop.tabIndex = 0;
  };
  grid.addEventListener("keydown", (event) => {
    const shown = rows.filter(([cell]) => !cell.closest("[hidden]"));
    const row = shown.findIndex((cells) => cells.includes(event.target));
    if (row < 0) return;
    const place = moved(event, [row, shown[row].indexOf(event.target)], [shown.length, shown[row].length]);
    if (!place) return;
    event.preventDefault();
    stay(shown[place[0]][place[1]]);
    stop.focus();
  });
  grid.addEventListener("focusin", ({ target }) => {
    if (rows.some((cells) => cells.includes(target))) stay(target);
  });
}
