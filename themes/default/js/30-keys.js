const typing = (e) => e.target.closest("input, textarea, select, dialog, [contenteditable]");
// Single-letter keys, their list, and the switch that turns them off (WCAG 2.1.4).
{
  let dialog;
  const list = () => {
    if (!dialog) {
      const check = make("input", { type: "checkbox", checked: !stored("keys") }), close = button("", "Close"), dl = make("dl");
      for (const [k, t] of [["/", "Search, as Ctrl K does"], ["[", "Previous page"], ["]", "Next page"], ["?", "This list"]]) dl.append(make("dt", {}, make("kbd", {}, k)), make("dd", {}, t));
      dialog = make("dialog", { className: "keys", ariaLabel: "Keys" }, make("h2", {}, "Keys"), dl, make("label", {}, check, "Use single-letter keys"), close);
      on(check, "change", () => stored("keys", check.checked ? "" : "off"));
      on(close, "click", () => dialog.close());
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
  };
  const b = button("", icon("keys"), "Keys");
  on(b, "click", list);
  $("#fp-keys").append(b);
  on(document, "keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || stored("keys") || typing(e)) return;
    if (e.key === "?") list();
    if (e.key === "[") $("[rel=prev]")?.click();
    if (e.key === "]") $("[rel=next]")?.click();
  });
}
