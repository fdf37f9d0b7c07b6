// Makes themes/default/dist/<bundle>.js from the scripts of each bundle, which stand in for these while they are as they
// were: the first line holds the CRC-32 of the text that the rest was made from. The words of a bundle are not in it.
//   node minify.mjs <theme> [--check]
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { minify } from "terser";

const [theme, option] = process.argv.slice(2);
const isCheck = option === "--check";
const scripts = join(theme, "js");
const made = join(theme, "dist");

/** A script that is in no bundle. */
const APART = "early.js";

/** The text of the scripts in a folder, joined as src/theme/bundle.rs joins them. */
const joined = (folder) => {
  const entries = readdirSync(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && entry.name !== APART).map(({ name }) => name);
  const texts = names.sort().map((name) => readFileSync(join(folder, name), "utf8"));
  return texts.map((text) => `${text.trimEnd()}\n`).join("");
};

/** The names at the top of `site` are for all bundles; those of the others are their own. */
const small = async (bundle, text) => {
  const options = { ecma: 2022, compress: { passes: 3 }, toplevel: bundle !== "site" };
  const { code } = await minify(text, options);
  return `// ${crc32(text).toString(16).padStart(8, "0")}\n${code}\n`;
};

const contentOf = (file) => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

const folders = readdirSync(scripts, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const bundles = { site: scripts, ...Object.fromEntries(folders.map(({ name }) => [name, join(scripts, name)])) };
mkdirSync(made, { recursive: true });
for (const [bundle, folder] of Object.entries(bundles)) {
  const file = join(made, `${bundle}.js`);
  const text = await small(bundle, joined(folder));
  if (contentOf(file) === text) continue;
  if (isCheck) process.exitCode = 1;
  else writeFileSync(file, text);
  console.log(`${isCheck ? "out of date" : "made"}: ${file}`);
}
