// The list of single-letter keys, with the switch that turns them off.
{
  const keys = [
    { key: "/", does: words.search },
    { key: "[", does: words.previous },
    { key: "]", does: words.next },
    { key: "?", does: words.list },
  ];
  const check = make("input", { type: "checkbox", checked: !keysAreOff() });
  const close = button("", say(words.close));
  const list = make("dl");
  for (const { key, does } of keys) list.append(make("dt", {}, make("kbd", {}, key)), make("dd", {}, say(does)));
  const dialog = make(
    "dialog",
    { className: "keys", ariaLabel: say(words.title) },
    make("h2", {}, say(words.title)),
    list,
    make("label", {}, check, say(words.use)),
    close,
  );
  on(check, "change", () => store("keys", check.checked ? "" : "off"));
  on(close, "click", () => dialog.close());
  document.body.append(dialog);
  keyList.open = () => dialog.open || dialog.showModal();
}
