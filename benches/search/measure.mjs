// Drives Chromium through one engine's search on one site, and prints every sample as JSON. See README.md.
//   node measure.mjs '{"engine", "mounts", "page", "assets", "queries", "key", "cert", "spki", "link", "typed"}'
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { serve } from './link.mjs'

const plan = JSON.parse(process.argv[2])
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', `--ignore-certificate-errors-spki-list=${plan.spki}`,
]
const FAST = { roundTrip: 0, megabits: Infinity }
const engines = readFileSync(new URL('engines.js', import.meta.url), 'utf8')
const site = await serve(plan.mounts, { key: readFileSync(plan.key), cert: readFileSync(plan.cert) })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })

/** A page of the site in a browser that knows nothing yet, at rest, behind the given link. */
const fresh = async (link) => {
  site.set(FAST)
  const context = await browser.newContext()
  const page = await context.newPage()
  const errors = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.exposeFunction('benchShown', () => { shown = site.bytes() })
  await page.goto(site.origin + plan.page, { waitUntil: 'load' })
  await page.evaluate(engines)
  await site.quiet()
  site.set(link)
  return { page, errors, close: () => context.close() }
}
/** What had passed the link when the first results could be shown. */
let shown
/** Counts what passes the link until then, and until it is idle again. */
const counted = async (act) => {
  const before = site.bytes()
  const sample = await act()
  await site.quiet()
  return { ...sample, few: shown - before, bytes: site.bytes() - before }
}
const start = (page, query) => page.evaluate(async ({ engine, assets, query }) => {
  const began = performance.now()
  globalThis.bench = await benchEngines[engine](assets)
  const also = bench.also()
  const { first, ten, results } = await bench.search(query)
  await also
  return { first: first - began, ten: ten - began, results }
}, { engine: plan.engine, assets: plan.assets, query })
const again = (page, query) => page.evaluate(async (query) => {
  const began = performance.now()
  const { first, ten, results } = await bench.search(query)
  return { first: first - began, ten: ten - began, results }
}, query)

const samples = { cold: [], next: [], memory: [], typed: [], errors: [] }
const texts = plan.queries.map(({ text }) => text)

// One run that is not counted: the server's files and the browser's own code are warm after it.
const warm = await fresh(FAST)
await start(warm.page, texts[0])
await warm.close()

for (const [i, text] of texts.entries()) {
  const { page, errors, close } = await fresh(plan.link)
  samples.cold.push(await counted(() => start(page, text)))
  samples.next.push(await counted(() => again(page, texts[(i + 1) % texts.length])))
  samples.errors.push(...errors)
  await close()
}

const memory = await fresh(FAST)
await start(memory.page, texts[0])
for (const text of texts) await again(memory.page, text)
for (const text of texts) samples.memory.push(await counted(() => again(memory.page, text)))
await memory.close()

for (const text of texts.filter((_, i) => i % Math.ceil(texts.length / plan.typed) === 0)) {
  const { page, close } = await fresh(plan.link)
  samples.typed.push(await counted(() => page.evaluate(async ({ engine, assets, text, gap }) => {
    globalThis.bench = await benchEngines[engine](assets)
    const also = bench.also()
    const { pressed, first, ten, results } = await bench.type(text, gap)
    await also
    return { first: first - pressed, ten: ten - pressed, results }
  }, { engine: plan.engine, assets: plan.assets, text, gap: plan.gap })))
  await close()
}
await browser.close()
site.close()
console.log(JSON.stringify(samples))
process.exit(0)
