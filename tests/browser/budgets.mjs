// What each page of the flagship weighs and asks for, against the budgets; `tests/browser/run` calls this with the built
// folder. Weights are gzip bodies of HTML, styles and scripts, as hosts send them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { start } from './harness.mjs'
import { pagesOf } from './pages.mjs'

const KIB = 1024
/** By kind of page: most KiB of HTML, styles and scripts together, and most requests. */
const BUDGETS = {
  article: { weight: 20, requests: 6 },
  question: { weight: 20, requests: 8 },
  outcome: { weight: 20, requests: 8 },
  decision: { weight: 30, requests: 8 },
}
const OTHERS = { weight: 40, requests: 8 }
const STYLES = 8 // most KiB of style sheets on any page that can be read without a search

const folder = process.argv[2]
const { origin, attempt, open, end } = await start(folder)

const pages = pagesOf(folder)

const packed = new Map()
const sizeOf = (path) => {
  if (!packed.has(path)) packed.set(path, gzipSync(readFileSync(join(folder, path)), { level: 9 }).length)
  return packed.get(path)
}
const heaviest = {}
for (const { path, html, kind } of pages) {
  const links = (pattern) => [...html.matchAll(pattern)].map((match) => sizeOf(match[1]))
  const sum = (sizes) => sizes.reduce((total, size) => total + size, 0)
  const styles = sum(links(/<link rel="stylesheet" href="([^"]+)"/g))
  const scripts = sum(links(/<script src="([^"]+)"/g))
  const weight = (gzipSync(html, { level: 9 }).length + styles + scripts) / KIB
  const budget = BUDGETS[kind] ?? OTHERS
  await attempt(`${path} weighs at most ${budget.weight} KiB`, (is, problems) => {
    if (weight > budget.weight) problems.push(`${weight.toFixed(1)} KiB`)
    if (kind !== 'search' && styles / KIB > STYLES) problems.push(`styles: ${(styles / KIB).toFixed(1)} KiB`)
  })
  if (!(heaviest[kind]?.weight > weight)) heaviest[kind] = { weight, styles: styles / KIB, path }
}

const context = await open()
const page = await context.newPage()
const most = {}
for (const { path, kind } of pages) {
  const budget = BUDGETS[kind] ?? OTHERS
  let requests = 0
  const count = () => requests++
  page.on('request', count)
  await attempt(`${path} asks for at most ${budget.requests} files`, async (is, problems) => {
    await page.goto(`${origin}${path}`, { waitUntil: 'networkidle' })
    if (requests > budget.requests) problems.push(`${requests} files`)
  })
  page.off('request', count)
  most[kind] = Math.max(most[kind] ?? 0, requests)
}
console.log('heaviest page by kind: KiB of HTML, styles and scripts; of them styles; most requests')
for (const [kind, { weight, styles, path }] of Object.entries(heaviest).sort()) {
  console.log(`  ${kind.padEnd(10)} ${weight.toFixed(1).padStart(5)} ${styles.toFixed(1).padStart(5)} ${String(most[kind]).padStart(3)}  ${path}`)
}
await end()
