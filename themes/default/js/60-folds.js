// A link into a fold opens the fold, where the browser does not.
{
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = /** @type {HTMLDetailsElement | null | undefined} */ (target?.closest("details:not([open])"));
    if (!target || !fold) return;
    fold.open = true;
    target.scrollIntoView();
  };
  on(window, "hashchange", open);
  open();
}
