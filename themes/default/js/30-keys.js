// Single-letter keys, and the switch that turns them off (WCAG 2.1.4), which is in their list.

/**
 * Whether keys are text where an event comes from.
 * @param {KeyboardEvent} event
 */
const typing = (event) =>
  /** @type {Element} */ (event.target).closest("input, textarea, select, dialog, [contenteditable]") !== null;

const keysAreOff = () => stored("keys") !== null;

/**
 * What the bundle of the list brings along.
 * @type {{ open?: () => void }}
 */
const keyList = {};

{
  const slot = the("#fp-keys");
  const load = bundleOf(slot.dataset);
  const show = async () => (await load()) && keyList.open?.();
  const opener = button("", icon("keys"), say(words.keys));
  on(opener, "click", show);
  slot.append(opener);
  const { previous, next } = the(".frame").dataset;
  on(document, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keysAreOff() || typing(event)) return;
    if (event.key === "?") show();
    const turned = { "[": previous, "]": next }[/** @type {string} */ (event.key)];
    if (turned) location.href = turned;
  });
}
