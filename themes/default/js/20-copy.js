// Copy buttons: on code, and wherever `copier` is called.
const copier = (label, className, text) => {
  const b = button(className, label);
  b.ariaLive = "polite";
  on(b, "click", async () => {
    b.textContent = await navigator.clipboard.writeText(text()).then(() => "Copied", () => "Not copied");
    setTimeout(() => b.textContent = label, 2000);
  });
  return b;
};
if (navigator.clipboard) for (const box of $$(".code")) box.append(copier("Copy", "copy", () => $("pre", box).textContent));
