// Copy buttons on code.
if (navigator.clipboard) for (const box of $$(".code")) {
  const b = button("copy", "Copy");
  b.ariaLive = "polite";
  on(b, "click", async () => {
    b.textContent = await navigator.clipboard.writeText($("pre", box).textContent).then(() => "Copied", () => "Not copied");
    setTimeout(() => b.textContent = "Copy", 2000);
  });
  box.append(b);
}
