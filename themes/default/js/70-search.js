// The search comes at the first intent: its script and styles are loaded then. Without them its form leads to the
// search page.

/**
 * What the bundle of the search brings along: how to open its dialog, the panel that the search page shows, and the
 * engine behind both.
 * @type {{ load?: () => Promise<boolean>, open?: () => void, panel?: typeof searchPanel, engine?: typeof searchEngine }}
 */
const searchBundle = {};

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
  searchBundle.load = load;
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
