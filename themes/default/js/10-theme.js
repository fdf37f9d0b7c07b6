// The theme button: system, light, dark. Only an explicit choice is stored.
{
  const modes = [
    { theme: "", symbol: "system", name: words.theme_system },
    { theme: "light", symbol: "light", name: words.theme_light },
    { theme: "dark", symbol: "dark", name: words.theme_dark },
  ];
  const { dataset } = document.documentElement;
  const toggle = button("");
  const current = () => modes.find(({ theme }) => theme === dataset.theme) ?? modes[0];
  const show = () => {
    const { symbol, name } = current();
    const label = make("span", { className: "sr" }, say(words.theme) + " ");
    toggle.replaceChildren(icon(symbol), make("span", {}, label, say(name)));
  };
  on(toggle, "click", () => {
    const { theme } = modes[(modes.indexOf(current()) + 1) % modes.length];
    dataset.theme = theme;
    store("theme", theme);
    show();
  });
  show();
  the("#fp-theme").append(toggle);
}
