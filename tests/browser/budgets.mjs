// What each page of the flagship weighs and asks for, against the budgets; `tests/browser/run` calls this with the built
// folder. Weights are gzip bodies of HTML, styles and scripts, as hosts send them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { withAnswers } from './decisions.mjs'
import { start } from './harness.mjs'
import { pagesOf } from './pages.mjs'

const KIB = 1024
/** By kind of page: most KiB of HTML, styles and scripts together, and most files. */
const BUDGETS = {
  article: { weight: 20, files: 6 },
  question: { weight: 20, files: 8 },
  outcome: { weight: 20, files: 8 },
  decision: { weight: 30, files: 8 },
}
const OTHERS = { weight: 40, files: 8 }
/** Most KiB of the style sheet that every page has. */
const STYLES = 8
/** Articles with most citations, of which each adds to the references. Their weight today is their budget. */
const HEAVIER = { '/reference/about-the-sources/': 20.6, '/reference/frequently-asked-questions/': 20.3 }

const folder = process.argv[2]
const { origin, attempt, open, inTabs, part, end } = await start(folder)
const pages = pagesOf(folder)
const answered = withAnswers(folder)

const packed = new Map()
const sizeOf = (path) => {
  if (!packed.has(path)) packed.set(path, gzipSync(readFileSync(join(folder, path)), { level: 9 }).length / KIB)
  return packed.get(path)
}
const heaviest = {}
for (const { path, html, kind } of pages) {
  const named = (pattern) => [...html.matchAll(pattern)].map((match) => match[1])
  const sum = (sizes) => sizes.reduce((total, size) => total + size, 0)
  const sheets = named(/<link rel="stylesheet" href="([^"]+)"/g)
  const styles = sum(sheets.map(sizeOf))
  const scripts = sum(named(/<script src="([^"]+)"/g).map(sizeOf))
  const own = gzipSync(html, { level: 9 }).length / KIB
  const weight = own + styles + scripts
  const most = HEAVIER[path] ?? (BUDGETS[kind] ?? OTHERS).weight
  await attempt(`${path} weighs at most ${most} KiB`, (is, problems) => {
    const shared = sheets.find((sheet) => sheet.startsWith('/assets/site.'))
    if (weight > most) problems.push(`${weight.toFixed(2)} KiB: HTML ${own.toFixed(2)}, styles ${styles.toFixed(2)}, scripts ${scripts.toFixed(2)}`)
    if (!(sizeOf(shared) <= STYLES)) problems.push(`${shared}: ${sizeOf(shared).toFixed(2)} KiB`)
    if (HEAVIER[path] && weight <= BUDGETS.article.weight) problems.push('fits the budget of articles: no exception any more')
  })
  if (!(heaviest[kind]?.weight > weight)) heaviest[kind] = { weight, styles, scripts, path }
}

// With the answers in their addresses, questions and outcomes fetch their decision.
const context = await open()
const most = {}
await part('files that pages ask for', () => inTabs(context, pages.map(({ path, kind }) => (page) => {
  const budget = BUDGETS[kind] ?? OTHERS
  const address = answered.get(path) ?? path
  return attempt(`${address} asks for at most ${budget.files} files`, async (is, problems) => {
    // A browser may ask again for the symbols, which are the icon too.
    const files = new Set()
    const note = (request) => files.add(request.url())
    page.on('request', note)
    await page.goto(`${origin}${address}`, { waitUntil: 'networkidle' })
    page.off('request', note)
    if (files.size > budget.files) problems.push([...files].map((url) => url.replace(origin, '')).join(' '))
    most[kind] = Math.max(most[kind] ?? 0, files.size)
  })
})))
console.log('heaviest page by kind: KiB of HTML, styles and scripts; of them styles, scripts; most files')
for (const [kind, { weight, styles, scripts, path }] of Object.entries(heaviest).sort()) {
  const figures = [weight, styles, scripts].map((size) => size.toFixed(1).padStart(5)).join(' ')
  console.log(`  ${kind.padEnd(10)} ${figures} ${String(most[kind]).padStart(3)}  ${path}`)
}
const articles = pages.filter(({ kind, path }) => kind === 'article' && !HEAVIER[path])
console.log(`${articles.length} of ${articles.length + Object.keys(HEAVIER).length} articles have the budget of articles`)
await end()
