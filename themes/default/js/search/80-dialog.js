// The dialog: the keyboard stays in the field, and the selected result is named to those who cannot see it.

const createDialog = () => {
  const typed = /** @type {HTMLInputElement} */ (the(".find [name=q]"));
  const { ariaLabel } = typed;
  const field = Object.assign(/** @type {HTMLInputElement} */ (typed.cloneNode()), {
    value: "",
    type: "text",
    role: "combobox",
    ariaAutoComplete: "list",
  });
  const panel = classed("div", "seek");
  const allResults = make("a", {}, say(words.see_list));
  const close = action(() => dialog.close(), "button", say(words.close));
  const bar = classed("div", "bar", icon("search"), field, close);
  const dialog = make(
    "dialog",
    { className: "seek-box", ariaLabel },
    bar,
    panel,
    classed("p", "hints meta", allResults),
  );
  /** @type {HTMLAnchorElement[]} */
  let options = [];
  let selected = 0;
  /** The key event that opens what is selected as soon as results are there.
   * @type {KeyboardEvent | null} */
  let waiting = null;

  /** @param {number} option */
  const select = (option) => {
    selected = option;
    options.forEach((link, n) => (link.ariaSelected = String(n === option)));
    field.setAttribute("aria-activedescendant", options[option]?.id ?? "");
    options[option]?.scrollIntoView({ block: "nearest" });
  };
  /** @param {KeyboardEvent} event whose other keys say where to open it */
  const openSelected = (event) => {
    waiting = null;
    options[selected]?.dispatchEvent(new MouseEvent("click", event));
  };
  const search = searchPanel(field, panel, (_, __, ___, isLast) => {
    // What is selected stays so when more is known.
    const chosen = isLast ? options[selected]?.href : undefined;
    options = /** @type {HTMLAnchorElement[]} */ ($$(".hit", search.hits));
    options.forEach((link, n) => Object.assign(link, { role: "option", tabIndex: -1, id: "fp-hits" + n }));
    for (const group of search.hits.children) {
      Object.assign(group, { role: "group", ariaLabel: the(".name", group).textContent });
    }
    field.ariaExpanded = String(options.length > 0);
    if (!isLast) search.found.scrollTop = 0;
    select(
      Math.max(
        0,
        options.findIndex(({ href }) => href === chosen),
      ),
    );
    allResults.href = search.address();
    if (waiting) openSelected(waiting);
  });

  on(field, "keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[/** @type {string} */ (event.key)];
    if (event.isComposing || (!step && event.key !== "Enter")) return;
    event.preventDefault();
    if (step) {
      if (options.length > 0) select((selected + step + options.length) % options.length);
    } else if (search.isBusy()) {
      waiting = event;
    } else {
      openSelected(event);
    }
  });
  on(dialog, "click", ({ target }) => target === dialog && dialog.close());
  on(dialog, "close", () => {
    typed.value = field.value;
    waiting = null;
  });
  Object.assign(search.hits, { role: "listbox", ariaLabel });
  field.setAttribute("aria-controls", search.hits.id);
  document.body.append(dialog);

  return () => {
    if (dialog.open) return;
    const fromField = document.activeElement === typed;
    // Another value puts the caret behind it.
    field.value = typed.value;
    dialog.showModal();
    if (!fromField) field.select();
    search.run();
  };
};

searchBundle.open = () => {
  const open = createDialog();
  searchBundle.open = open;
  open();
};
