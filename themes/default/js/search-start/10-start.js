// The dialog before anything is asked: where the reader was, where to begin, and what the keys do. It is small, as it comes
// before the first results.

const { classed: box } = searchBundle.elements;

/**
 * A list of things with a line about each, under a heading.
 * @param {string} title
 * @param {(Node | null | false | undefined)[]} items
 */
const group = (title, items) => {
  const there = items.filter((item) => item instanceof Object);
  return there.length > 0 ? [box("section", "offers", make("h2", {}, title), make("ul", {}, ...there))] : [];
};
/**
 * @param {string} look
 * @param {string | undefined} href
 * @param {string} title
 * @param {string} about
 */
const item = (look, href, title, about) =>
  Boolean(href) &&
  make("li", { className: `look-${look}` }, icon(look), make("a", { href }, title), box("span", "says", about));

/**
 * A button that searches for a word.
 * @param {PanelState} state
 * @param {string} word
 */
const searchFor = ({ field, run }, word) =>
  searchBundle.elements.action(
    () => {
      field.value = word;
      run("filter");
      field.focus();
    },
    "button",
    word,
  );

/** What the keys of the dialog do. */
const keyHints = () => {
  const hints = [
    [words.hint_move_key, words.hint_move],
    [words.hint_open_key, words.hint_open],
    [words.hint_close_key, words.hint_close],
    [words.hint_phrase_key, words.hint_phrase],
    [words.hint_without_key, words.hint_without],
  ];
  return hints.flatMap(([key, does]) => [make("kbd", {}, say(key)), make("span", {}, say(does))]);
};

/** @param {PanelState} state */
const idleNodes = (state) => {
  const { tracks, decisions, topics, glossary, words: leading = "" } = state.form.dataset;
  const here = visited().filter(([path]) => path !== location.pathname);
  const were = here.slice(0, 3).map(([path, title, look, label]) => item(look, path, title, label));
  const doors = [
    item("post", tracks, say(words.door_new), say(words.door_new_about)),
    item("choice", decisions, say(words.door_choice), say(words.door_choice_about)),
    item("tag", topics ?? glossary, say(words.door_look), say(words.door_look_about)),
  ];
  const buttons = leading
    .split("\n")
    .filter(Boolean)
    .map((word) => searchFor(state, word));
  const lead =
    buttons.length > 0
      ? [box("section", "leading", make("h2", {}, say(words.leading)), box("p", "row", ...buttons))]
      : [];
  return [box("div", "columns", ...group(say(words.visited), were), ...group(say(words.start_here), doors)), ...lead];
};

Object.assign(searchBundle.elements, { group, item, searchFor });
searchBundle.start = (state) => {
  // Each dialog asks once.
  const hints = state.panel.closest("dialog") && $(".hints:not(:has(kbd))");
  hints?.prepend(...keyHints());
  return idleNodes(state);
};
