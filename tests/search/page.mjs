// The search page as far as a test needs it: its scripts as they are, and in the place of a browser's document one that
// takes elements and texts, and nothing that would be read as HTML or run.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const theme = fileURLToPath(new URL("../../themes/default/js/", import.meta.url));

/** Elements that results and filters are made of. */
const TAGS = /^(a|button|div|fieldset|form|h2|input|label|legend|li|mark|ol|p|section|span|strong|svg|ul|use)$/;

/** Properties by which a text would become more than that. */
const READ_AS_HTML = ["innerHTML", "outerHTML", "srcdoc", "style", "src", "action"];

class Element {
  childNodes = [];
  attributes = new Map();
  dataset = {};
  className = "";
  classList = { toggle: () => true, contains: () => false };
  #href = "";
  #value = "";

  constructor(tag) {
    if (!TAGS.test(tag)) throw new Error(`an element ${tag}`);
    this.tag = tag;
  }

  #checked(nodes) {
    for (const node of nodes) {
      if (node instanceof Element) node.isConnected = true;
      if (typeof node !== "string" && !(node instanceof Element)) throw new Error(`${typeof node} in a ${this.tag}`);
    }
    return nodes;
  }
  append(...nodes) {
    this.childNodes.push(...this.#checked(nodes));
  }
  prepend(...nodes) {
    this.childNodes.unshift(...this.#checked(nodes));
  }
  after() {}
  contains() {
    return false;
  }
  closest() {
    return null;
  }
  remove() {}
  focus() {}
  replaceChildren(...nodes) {
    this.childNodes = this.#checked(nodes);
  }
  get children() {
    return this.childNodes.filter((node) => typeof node !== "string");
  }
  get textContent() {
    return this.childNodes.map((node) => (typeof node === "string" ? node : node.textContent)).join("");
  }
  set textContent(text) {
    this.childNodes = [String(text)];
  }
  get href() {
    return this.#href;
  }
  set href(href) {
    if (!/^\/(?!\/)/.test(href)) throw new Error(`a link to ${href}`);
    this.#href = href;
  }
  get value() {
    return this.#value;
  }
  /** As a field of one line takes a text. */
  set value(text) {
    this.#value = String(text ?? "").replace(/[\r\n]/g, "");
  }
  setAttribute(name, value) {
    if (name !== "href" || !value.startsWith("/sprite.svg#")) throw new Error(`an attribute ${name}="${value}"`);
    this.attributes.set(name, value);
  }
  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }
  /** Copies of symbols are all that is asked for. */
  cloneNode() {
    return symbol();
  }
  querySelectorAll(tag) {
    return this.descendants().filter((element) => element.tag === tag);
  }
  querySelector(selector) {
    return this.descendants().find(({ tag }) => tag === selector) ?? null;
  }
  descendants() {
    return this.children.flatMap((child) => [child, ...child.descendants()]);
  }
  addEventListener(type, listener) {
    this[`on ${type}`] = listener;
  }
}

for (const name of READ_AS_HTML) {
  const set = () => {
    throw new Error(`${name} is set`);
  };
  Object.defineProperty(Element.prototype, name, { set });
}

const symbol = () => {
  const [svg, use] = [new Element("svg"), new Element("use")];
  use.setAttribute("href", "/sprite.svg#search");
  svg.append(use);
  return svg;
};

const sources = (folder, before) =>
  readdirSync(theme + folder)
    .filter((name) => name.endsWith(".js") && name < before)
    .sort()
    .map((name) => readFileSync(`${theme}${folder}/${name}`, "utf8"))
    .join("");
const script = new Function(
  "{ words, document, location, history, window, fetch, setTimeout }",
  `const searchBundle = { load: async () => {} }, FOUND = "found", focusTarget = () => {};
   ${sources("", "03-")} ${sources("search", "80-")} ${sources("search-start", "~")} ${sources("search-more", "~")} ${sources("search-page", "~")}`,
);

/** The words that a bundle of a built site begins with. */
export const wordsOf = (bundle) => JSON.parse(/const words = (\{.*\});/.exec(bundle)[1]);

/**
 * Opens the search page at an address, and waits for what it shows.
 * @param {Record<string, unknown>} words of the bundle
 * @param {string} search the address from its question mark on
 * @param {(url: string) => Promise<Response>} load
 */
export const openPage = async (words, search, load) => {
  const make = (tag, properties) => Object.assign(new Element(tag), properties);
  const field = make("input");
  const form = make("form", { q: field, dataset: { root: "/search/root.bin", tags: "/tags/" } });
  Object.defineProperty(form, "action", { value: "/search/" });
  const panel = make("div", { id: "fp-search" });
  const known = { ".find": form, "#fp-search": panel, ".icon": symbol() };
  panel.querySelector = () => make("div");
  const document = {
    documentElement: { lang: "en" },
    activeElement: null,
    createElement: make,
    querySelector: (selector) => known[selector],
    querySelectorAll: () => [],
  };
  const addresses = [];
  const history = {
    pushState: (_state, _title, address) => addresses.push(address),
    replaceState: (_state, _title, address) => addresses.push(address),
  };
  const location = { search, href: `/search/${search}`, pathname: "/search/" };
  // What a timer does, a note that something is being loaded, comes too late to matter.
  const window = make("div");
  script({ words, document, location, history, window, fetch: load, setTimeout: () => 0 });

  const all = () => panel.descendants();
  const list = all().find(({ id }) => id === "fp-hits");
  const settled = async () => {
    const status = () => all().find(({ role }) => role === "status")?.textContent;
    while (list.ariaBusy !== "false") {
      if (status() === words.failed) throw new Error("the page says that the search failed");
      await new Promise(setImmediate);
    }
    // What stands beside the results comes a little later.
    for (let turns = 0, text = ""; turns < 20; turns++) {
      if (panel.textContent !== text) [turns, text] = [0, panel.textContent];
      await new Promise(setImmediate);
    }
    return status();
  };
  await settled();
  return {
    field,
    addresses,
    list,
    text: () => panel.textContent,
    /** Presses Enter in the field. */
    enter: async () => {
      list.ariaBusy = "true";
      form["on submit"]({ preventDefault: () => {} });
      await settled();
    },
  };
};
