// Makes the *.js beside this file from the scripts of the default theme, a file for each bundle. They stand in for the
// scripts while these are as they were: the first line of each holds the CRC-32 of the text that it was made from.
// Called by `make`, with the folder of terser and perhaps `--check`.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";

const [terser, check] = process.argv.slice(2);
const { minify } = await import(pathToFileURL(join(terser, "main.js")));
const here = dirname(fileURLToPath(import.meta.url)), js = join(here, "../../../themes/default/js"), made = here;

const bundles = { site: [] };
for (const entry of readdirSync(js, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
  if (entry.isDirectory()) bundles[entry.name] = readdirSync(join(js, entry.name)).sort().map((name) => join(js, entry.name, name));
  else if (entry.name !== "early.js") bundles.site.push(join(js, entry.name));
}

// Names of properties that only the scripts of the search itself use, so that they may be shortened.
const inner = "busy check counts dropped excerpt far first headings impacts instead kept kin label live loose more near pages pause places results tally total unsure word words".split(" ");
const properties = { regex: RegExp(`^(${inner.join("|")})$`) };

let stale = 0;
for (const [name, files] of Object.entries(bundles)) {
  const text = files.map((file) => readFileSync(file, "utf8").trimEnd() + "\n").join("");
  // Where all is declared in one way, declarations can be drawn together.
  const { code } = await minify(text.replace(/\bconst\b/g, "let"), { ecma: 2022, compress: { passes: 3, inline: 1 }, mangle: name !== "search" || { properties }, format: { ascii_only: false } });
  const print = crc32(text).toString(16).padStart(8, "0");
  const whole = `// ${print}\n${code}\n`, file = join(made, `${name}.js`);
  let before = "";
  try { before = readFileSync(file, "utf8"); } catch {}
  if (before === whole) continue;
  stale++;
  if (!check) writeFileSync(file, whole);
  console.log(`${check ? "out of date" : "made"}: src/theme/minified/${name}.js`);
}
if (check && stale) {
  console.error("run src/theme/minified/make and commit what it makes");
  process.exit(1);
}
