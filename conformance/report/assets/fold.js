// Implementations in other releases, folded into the columns of those they are other releases of.

/**
 * The columns without those that are folded, and column -> the other releases of it. These follow the column whose id
 * is `open`; without that of the installed release they are columns of their own.
 */
export function folded(columns, open) {
  const named = new Map(columns.map((entry) => [entry.id, entry]));
  const folds = new Map();
  for (const entry of columns) {
    const base = named.get(entry.base);
    if (base) folds.set(base, [...(folds.get(base) ?? []), entry]);
  }
  const alone = columns.filter((entry) => !named.has(entry.base));
  return { columns: alone.flatMap((entry) => [entry, ...(entry.id === open ? (folds.get(entry) ?? []) : [])]), folds };
}

/** Those of other releases whose outcome of a case is in another group, or needs attention; `cells` has it by index. */
export function differing(column, others, cells, isUrgent) {
  const mine = cells.get(column.index);
  return others.filter((entry) => {
    const cell = cells.get(entry.index);
    return cell && (cell.group !== mine?.group || isUrgent(cell));
  });
}
