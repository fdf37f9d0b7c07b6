// Choices of this browser, which may refuse to keep any.

/**
 * What was chosen, if anything was.
 * @param {string} key
 */
const stored = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

/**
 * Keeps a choice; an empty one is forgotten.
 * @param {string} key
 * @param {string} value
 */
const store = (key, value) => {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // The choice holds for this page.
  }
};
