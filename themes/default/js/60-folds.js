// A link to a claim inside a fold opens the fold, where the browser does not.
{
  const open = () => {
    const at = document.getElementById(location.hash.slice(1)), fold = at?.closest("details:not([open])");
    if (fold) { fold.open = true; at.scrollIntoView(); }
  };
  on(window, "hashchange", open);
  open();
}
