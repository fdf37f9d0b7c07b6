// The search engine as a browser has it: the scripts of the theme that know no page, joined.
import { readFileSync, readdirSync } from "node:fs";
import { runInThisContext } from "node:vm";

const folder = new URL("../../themes/default/js/search/", import.meta.url);
/** From here on scripts draw. */
const DRAWN = "60-";

const names = readdirSync(folder).filter((name) => name > "10-" && name < DRAWN);
const source = [...names.sort(), "../search-more/05-counts.js"].map((name) =>
  readFileSync(new URL(name, folder), "utf8"),
);

const loaded = runInThisContext(`(() => { ${source.join("")} return { searchEngine, countTerms }; })()`);

/** Makes an engine, of the address of an index and what loads its files. */
export const { searchEngine } = loaded;

/** The facets of an engine's index. */
export const facetsOf = (engine) => engine.ask((index) => index.facets());

/** How many pages are left of each term, by an answer. */
export const countsOf = (engine, { failures }) => engine.ask((index) => loaded.countTerms(index, failures));
