// Copy buttons: on code, and wherever `copier` is called.

/** For how many milliseconds a button says how it went. */
const COPIED_FOR = 2000;

/**
 * A button that copies a text, which is asked for when it is pressed.
 * @param {string} label
 * @param {string} className
 * @param {() => string} text
 */
const copier = (label, className, text) => {
  const copy = button(className, label);
  copy.ariaLive = "polite";
  on(copy, "click", async () => {
    const outcome = await navigator.clipboard.writeText(text()).then(
      () => words.copied,
      () => words.not_copied,
    );
    copy.textContent = say(outcome);
    setTimeout(() => (copy.textContent = label), COPIED_FOR);
  });
  return copy;
};

if (navigator.clipboard) {
  for (const box of $$(".code")) box.append(copier(say(words.copy), "copy", () => the("pre", box).textContent));
}
