// The dialog: the keyboard stays in the field, and the selected result is named to those who cannot see it.
let seek = () => {
  const typed = $(".find").q, panel = part("div", "seek"), all = make("a");
  const field = Object.assign(typed.cloneNode(), { value: "", type: "text", role: "combobox", ariaAutoComplete: "list" });
  const keys = part("p", "hints meta", all), ariaLabel = typed.ariaLabel;
  const dialog = make("dialog", { className: "seek-box", ariaLabel }, part("div", "bar", icon("search"), field, act(() => dialog.close(), "button", typed.form.dataset.says.split("|")[4])), panel, keys);
  let options = [], at = 0, wanted;
  const select = (to) => {
    options.forEach((a, i) => a.ariaSelected = i === to);
    field.setAttribute("aria-activedescendant", options[at = to]?.id || "");
    options[at]?.scrollIntoView({ block: "nearest" });
  };
  const search = searchPanel(field, panel, (cause, idle, total, last) => {
    // What is selected stays so when more is known.
    const chosen = last && options[at]?.href;
    options = $$(".hit", search.hits);
    options.forEach((a, i) => Object.assign(a, { role: "option", tabIndex: -1, id: "fp-hits" + i }));
    for (const li of search.hits.children) Object.assign(li, { role: "group", ariaLabel: $(".name", li).textContent });
    field.ariaExpanded = !!options[0];
    if (!last) search.found.scrollTop = 0;
    select(Math.max(0, options.findIndex((a) => a.href === chosen)));
    all.hidden = idle;
    all.href = search.address();
    if (wanted) take(wanted);
  }, (_, page, ...hints) => {
    // Keys, each with what it does.
    keys.prepend(...hints.map((text, n) => make(n % 2 ? "span" : "kbd", {}, text)));
    all.textContent = page;
  });
  const take = (e) => {
    wanted = 0;
    options[at]?.dispatchEvent(new MouseEvent("click", e));
  };
  on(field, "keydown", (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (e.isComposing || !step && e.key !== "Enter") return;
    e.preventDefault();
    if (step) options[0] && select((at + step + options.length) % options.length);
    else if (search.busy) wanted = e;
    else take(e);
  });
  on(dialog, "click", (e) => e.target === dialog && dialog.close());
  on(dialog, "close", () => { typed.value = field.value; wanted = 0; });
  Object.assign(search.hits, { role: "listbox", ariaLabel });
  field.setAttribute("aria-controls", search.hits.id);
  document.body.append(dialog);
  seek = () => {
    if (dialog.open) return;
    const here = document.activeElement === typed;
    // Another value puts the caret behind it.
    field.value = typed.value;
    dialog.showModal();
    here || field.select();
    search.run();
  };
  seek();
};
