// All state is in the address, so that every view can be linked to: #view=cases&q=is:diverge

/** What the address says, as an object. A bare #id, as old links have it, is the id of a case. */
export function state() {
  const text = location.hash.slice(1);
  if (text && !text.includes("=")) return { view: "case", case: decoded(text) };
  const found = Object.fromEntries(new URLSearchParams(text));
  return { ...found, view: found.view ?? (found.case === undefined ? "start" : "case") };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a state; empty parts are omitted. */
export function href(parts) {
  const named = Object.entries(parts).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return `#${new URLSearchParams(named.map(([key, value]) => [key, String(value)]))}`;
}

export function go(parts) {
  location.hash = href(parts);
}

let pending;

/** Change the address without a new entry in the history, after a pause in typing. */
export function replaceAddress(parts) {
  clearTimeout(pending);
  const from = location.hash;
  pending = setTimeout(() => {
    if (location.hash === from) history.replaceState(null, "", href(parts));
  }, 150);
}

export function caseHref(entry, more = {}) {
  return href({ case: entry.id, ...more });
}

export function implementationHref(entry) {
  return href({ view: "implementations", implementation: entry.id });
}
