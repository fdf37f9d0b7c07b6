// Single-letter keys, their list, and the switch that turns them off (WCAG 2.1.4).

/**
 * Whether keys are text where an event comes from.
 * @param {KeyboardEvent} event
 */
const typing = (event) =>
  /** @type {Element} */ (event.target).closest("input, textarea, select, dialog, [contenteditable]") !== null;

const keysAreOff = () => stored("keys") !== null;

{
  const makeDialog = () => {
    const keys = [
      { key: "/", does: words.key_search },
      { key: "[", does: words.key_previous },
      { key: "]", does: words.key_next },
      { key: "?", does: words.key_list },
    ];
    const check = make("input", { type: "checkbox", checked: !keysAreOff() });
    const close = button("", say(words.close));
    const list = make("dl");
    for (const { key, does } of keys) {
      list.append(make("dt", {}, make("kbd", {}, key)), make("dd", {}, say(does)));
    }
    const dialog = make(
      "dialog",
      { className: "keys", ariaLabel: say(words.keys) },
      make("h2", {}, say(words.keys)),
      list,
      make("label", {}, check, say(words.use_keys)),
      close,
    );
    on(check, "change", () => store("keys", check.checked ? "" : "off"));
    on(close, "click", () => dialog.close());
    document.body.append(dialog);
    return dialog;
  };

  /** @type {HTMLDialogElement | undefined} */
  let dialog;
  const show = () => {
    dialog ??= makeDialog();
    if (!dialog.open) dialog.showModal();
  };

  const opener = button("", icon("keys"), say(words.keys));
  on(opener, "click", show);
  the("#fp-keys").append(opener);
  on(document, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keysAreOff() || typing(event)) return;
    if (event.key === "?") show();
    const turn = { "[": "prev", "]": "next" }[/** @type {string} */ (event.key)];
    const link = turn && $(`link[rel=${turn}]`);
    if (link instanceof HTMLLinkElement) location.href = link.href;
  });
}
