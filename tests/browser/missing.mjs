// The page for addresses that are not there, of the built flagship in Chromium; `tests/browser/run` calls this with its
// folder.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { start } from './harness.mjs'

const folder = process.argv[2]
const { origin, attempt, open, violations, end } = await start(folder)
const catalogue = JSON.parse(readFileSync(join(folder, 'site.json'), 'utf8'))
const path = (address) => address.replace(catalogue.base, '/')
const article = catalogue.pages.find((page) => page.kind === 'article' && page.section && page.address.length > 60)
const known = catalogue.pages.find((page) => page.also.length > 0) ?? catalogue.glossary.find((entry) => entry.also.length > 0)
const HERE = path(article.address)
const SLIP = HERE.replace(/.\/$/, '/') // without its last letter
const NOWHERE = '/qwxzvb/qwxzvbqwxzvb'

/** Opens an address; gives what the page offers, once it does. */
const look = async (context, at) => {
  const page = await context.newPage()
  await page.goto(origin + at, { waitUntil: 'networkidle' })
  const offers = await page.locator('.likely li').evaluateAll((lines) =>
    lines.map((line) => ({ url: line.querySelector('a').pathname, why: line.querySelector('span').textContent })))
  return { page, offers }
}

const context = await open({ quiet: true })

await attempt('a slip in an address leads to the page, and to its section', async (is) => {
  const { page, offers } = await look(context, SLIP)
  is('the first', offers[0]?.url, HERE)
  is('why', offers[0]?.why, HERE.slice(1, -1).replaceAll('/', ' / '))
  is('the last', offers.at(-1), { url: path(article.section), why: 'the section in that address' })
  is('at most three', offers.length <= 3, true)
  is('the address', await page.locator('#fp-address').textContent(), SLIP)
  is('the search', await page.locator('.seek-words [name=q]').inputValue(), SLIP.split('/').at(-2).replaceAll('-', ' '))
  const report = new URL(await page.locator('#fp-report').getAttribute('href'))
  is('the report', report.searchParams.get('body').includes(origin + SLIP), true)
})

await attempt('other words lead to what they mean', async (is) => {
  const { offers } = await look(context, `/${known.also[0].replaceAll(' ', '-')}/`)
  is('why', offers.some(({ why }) => why === `also known as ${known.also[0]}`), true)
})

await attempt('where nothing is near, nothing is offered', async (is) => {
  const { page, offers } = await look(context, NOWHERE)
  is('offers', offers, [])
  is('doors', (await page.locator('.ways a').count()) >= 3, true)
})

await attempt('without a script there are an empty search and the doors', async (is) => {
  const { page, offers } = await look(await open({ quiet: true, javaScriptEnabled: false }), SLIP)
  is('offers', offers, [])
  is('no address', await page.locator('#fp-address').isVisible(), false)
  is('the search', await page.locator('.seek-words [name=q]').inputValue(), '')
  is('doors', (await page.locator('.ways a').count()) >= 3, true)
})

for (const [colorScheme, width] of [['light', 1440], ['dark', 390]]) {
  await attempt(`axe, ${colorScheme}, ${width} wide`, async (is, problems) => {
    const { page } = await look(await open({ quiet: true, colorScheme, viewport: { width, height: 900 } }), SLIP)
    problems.push(...(await violations(page)))
    is('no sideways overflow', await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false)
  })
}

await end()
