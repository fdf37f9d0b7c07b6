// The search comes at the first intent: its script and styles are loaded then. Without them its form leads to the
// search page.

/**
 * What the bundles of the search bring along.
 * @typedef {object} SearchBundle
 * @property {() => Promise<boolean>} begin loads the first of them, once
 * @property {() => void} [open] opens the dialog
 * @property {typeof searchPanel} [panel] what the search page shows
 * @property {typeof searchEngine} [engine] the engine behind both
 * @property {{ classed: typeof classed, action: typeof action,
 *   filtersOf: typeof filtersOf, group: typeof group, item: typeof item, searchFor: typeof searchFor }} elements what
 *   bundles need of each other
 * @property {(name: "start" | "more") => Promise<unknown>} load loads another bundle, once
 * @property {(state: PanelState) => Node[]} start what is shown where nothing is asked yet
 * @property {(state: PanelState) => { nothing: (answer: Answer) => Promise<Node[]>,
 *   notes: (answer: Answer) => Node[], filters: (answer: Answer) => Promise<void> }} more what it shows beside results
 */

const searchBundle = /** @type {SearchBundle} */ ({});

/** So many pages that were visited are remembered. */
const MOST_VISITED = 4;

/** The icon of each kind of page that is remembered. */
const VISITED_LOOKS = {
  article: "page",
  term: "tag",
  track: "post",
  decision: "choice",
  question: "choice",
  outcome: "choice",
};

/**
 * The pages that were visited last, in this browser alone: address, title, icon, and where it belongs.
 * @returns {[path: string, title: string, look: string, label: string][]}
 */
const visited = () => {
  try {
    return JSON.parse(stored("visited") ?? "").filter((/** @type {unknown} */ page) => Array.isArray(page));
  } catch {
    return [];
  }
};

{
  const [, kind] = /kind-(\w+)/.exec(document.body.className) ?? [];
  const look = /** @type {Record<string, string>} */ (VISITED_LOOKS)[kind];
  const title = $("h1")?.textContent?.trim();
  if (look && title) {
    const others = visited().filter(([path]) => path !== location.pathname);
    const label = $$(".crumbs a").at(-1)?.textContent ?? "";
    store("visited", JSON.stringify([[location.pathname, title, look, label], ...others].slice(0, MOST_VISITED)));
  }
}

/** What the name of a window says when a result of the search leads to the page that it shows next. */
const FOUND = "found";

/** The heading that a result of the search leads to takes the focus. */
const focusTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1))) ?? the("h1");
  target.tabIndex = -1;
  target.focus();
};

{
  const form = /** @type {HTMLFormElement} */ ($(".find"));
  const field = form.q;
  const onSearchPage = $("#fp-search") !== null;

  const load = bundleOf(form.dataset);
  searchBundle.begin = load;
  /** @type {Partial<Record<"start" | "more", Promise<unknown>>>} */
  const parts = {};
  searchBundle.load = (name) => (parts[name] ??= loaded("script", { src: form.dataset[name] }));
  /**
   * @param {Event} event which is done with
   * @param {() => void} [otherwise] what to do if the search cannot be loaded
   */
  const open = async (event, otherwise) => {
    event.preventDefault();
    const isLoaded = await load();
    (isLoaded ? searchBundle.open : otherwise)?.();
  };

  if (!onSearchPage) {
    on(field, "focus", load);
    on(field, "click", open);
    on(field, "input", (event) => event.isComposing || open(event));
    on(form, "submit", (event) => open(event, () => form.submit()));
  }
  on(document, "keydown", (event) => {
    if (typing(event) || event.altKey) return;
    const isShortcut = event.ctrlKey || event.metaKey ? event.key === "k" : event.key === "/" && !keysAreOff();
    if (!isShortcut) return;
    if (onSearchPage) {
      event.preventDefault();
      field.focus();
    } else {
      open(event, () => field.focus());
    }
  });

  if (window.name === FOUND) {
    window.name = "";
    focusTarget();
  }
}
