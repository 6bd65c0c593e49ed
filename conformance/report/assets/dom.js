// Elements are built from text and attributes, never from markup: whatever a name holds is shown as it is.

const SVG_SPACE = "http://www.w3.org/2000/svg";

function made(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  const shown = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  element.append(...shown);
  return element;
}

/** Make an element: `h("p.meta", {id: "x"}, "text", h("b", null, "bold"))`. */
function h(name, attributes, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  return made(element, attributes, children);
}

/** Make an element of a picture. */
function svg(name, attributes, ...children) {
  return made(document.createElementNS(SVG_SPACE, name), attributes, children);
}

/** Text in which words between backticks are code, in paragraphs. */
function prose(text) {
  return text.trim().split(/\n\s*\n/).map((paragraph) => h("p", null, coded(paragraph)));
}

/** Text in which words between backticks are code. */
function coded(text) {
  return text.split(/`([^`]+)`/).map((part, index) => (index % 2 ? h("code", null, part) : part));
}

/** A link where the text is an address on the web, else the text. */
function linked(text) {
  const [address] = /^https?:\/\/[^\s/]\S*$/.exec(text) ?? [];
  if (!address || !URL.canParse(address)) return h("bdi", null, text);
  return h("a", { href: address, rel: "noopener noreferrer" }, address);
}

function table(heads, lines, options = {}) {
  const head = h("thead", null, h("tr", null, heads.map((cell) => h("th", { scope: "col" }, cell))));
  const body = h("tbody", null, lines.map((line) =>
    h("tr", null, line.map((cell, index) =>
      index || cell === "" ? h("td", null, cell) : h("th", { scope: "row" }, cell)))));
  return scrolled(options.label ?? "Table", h(`table${options.class ? `.${options.class}` : ""}`, null, head, body));
}

/** A region that scrolls by itself, also from the keyboard. */
function scrolled(label, ...children) {
  return h("div.scroll", { tabindex: 0, role: "region", "aria-label": label }, children);
}

function count(number, singular, plural = `${singular}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? singular : plural}`;
}

/** Text that can be copied with one click. */
function copyable(text, label) {
  const block = h("pre", { tabindex: 0, "aria-label": label }, h("code", null, text));
  const button = h("button.copy", { type: "button", onclick: () => copy(text, block, button) }, "Copy");
  return h("div.copyable", null, button, block);
}

async function copy(text, block, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page from a file may have no clipboard of its own: copy what is selected.
    getSelection().selectAllChildren(block);
    document.execCommand("copy");
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
}

/** Text and elements to be shown in one more place. */
function copied(content) {
  return [content].flat().map((part) => (part instanceof Node ? part.cloneNode(true) : part));
}
