// Bundles that come at the first intent.

/**
 * Adds an element to the head, and waits until what it names is there.
 * @param {"link" | "script"} tag
 * @param {Partial<HTMLLinkElement & HTMLScriptElement>} properties
 */
const loaded = (tag, properties) =>
  new Promise((onload, onerror) => document.head.append(make(tag, { ...properties, onload, onerror })));

/**
 * A function that loads the script and the style sheet that the data of an element name, once; whether that worked.
 * @param {DOMStringMap} data
 */
const bundleOf = ({ script, style }) => {
  /** @type {Promise<boolean> | undefined} */
  let ready;
  const load = async () => {
    try {
      await Promise.all([loaded("link", { rel: "stylesheet", href: style }), loaded("script", { src: script })]);
      return true;
    } catch {
      ready = undefined;
      return false;
    }
  };
  return () => (ready ??= load());
};
