// Fuzzy search in names: "binacc" finds BinaryAccuracy, and variants are folded under what they are variants of.

/** The name of which an implementation is a variant: a.B[c,d]@e is one of a.B@e. */
export function baseOf(id) {
  return id.replace(/\[.*\]/, "");
}

/** Whether a character starts a word: after a dot, an underscore or a bracket, or a capital letter. */
function starts(text, index) {
  if (!index || !/[a-z0-9]/i.test(text[index - 1])) return true;
  return /[A-Z]/.test(text[index]) && /[a-z0-9]/.test(text[index - 1]);
}

/** How well the letters of a term occur in a text, in their order: a number, or -Infinity. */
function termScore(term, text) {
  const lower = text.toLowerCase();
  let ending = [...lower].map(() => -Infinity);
  for (let letter = 0; letter < term.length; letter += 1) {
    const next = ending.map(() => -Infinity);
    let best = letter ? -Infinity : 0;
    for (let index = 0; index < lower.length; index += 1) {
      if (lower[index] === term[letter]) {
        const adjacent = index && letter ? ending[index - 1] + 3 : -Infinity;
        next[index] = 1 + (starts(text, index) ? 2 : 0) + Math.max(adjacent, best);
      }
      if (letter) best = Math.max(best, ending[index]);
    }
    ending = next;
  }
  return Math.max(-Infinity, ...ending);
}

/**
 * How well all terms of a query, separated by blanks, occur in a text: higher is better, -Infinity is not at all.
 *
 * What stands in parentheses are arguments of a call, and no name.
 */
export function score(query, text) {
  const terms = query
    .replace(/\([^)]*\)?/g, " ")
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean);
  return terms.reduce((sum, term) => sum + termScore(term, text), 0);
}

/**
 * What a list shows for a query, the best first: [{base, entries, folded}].
 *
 * `entries` are shown, `folded` are variants that the query does not ask for: it fits their base as well. Without a
 * query the order stays.
 */
export function ranked(query, entries) {
  const families = new Map();
  for (const entry of entries) {
    const base = baseOf(entry.id);
    const scored = { entry, score: score(query, entry.id), length: entry.id.length };
    if (scored.score > -Infinity) families.set(base, [...(families.get(base) ?? []), scored]);
  }
  const better = (left, right) => right.score - left.score || left.length - right.length;
  const found = [...families].map(([base, members]) => {
    const isAsked = ({ entry }) => entry.id === base || score(query, base) < 0;
    const sorted = query.trim() ? [...members].sort(better) : members;
    const folded = sorted.filter((member) => !isAsked(member));
    const shown = sorted.filter(isAsked);
    // A variant whose base is no implementation, and which is the only one, stands for itself.
    if (!shown.length && folded.length === 1) shown.push(folded.pop());
    return {
      base,
      entries: shown.map(({ entry }) => entry),
      folded: folded.map(({ entry }) => entry),
      // Of two that fit as well, one that is no variant is meant.
      score: sorted[0].score - (sorted[0].entry.id === base ? 0 : 1),
      length: sorted[0].entry.id.length,
    };
  });
  return query.trim() ? found.sort(better) : found;
}
