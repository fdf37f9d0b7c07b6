// What a reader meets on every kind of page of the flagship: axe with all its rules, and a layout that holds up.
// `tests/browser/run` calls this with the built folder.
import { start } from './harness.mjs'
import { largestOfEachKind, pagesOf } from './pages.mjs'

const WIDTHS = [1440, 834, 390]
const NARROW = [390, 320]
const SCHEMES = { light: { colorScheme: 'light' }, dark: { colorScheme: 'dark' }, 'forced colours': { forcedColors: 'active' } }
const LONG_WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
/** Success criterion 1.4.12 of WCAG 2.2. */
const TEXT_SPACING = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }' +
  ' p { margin-bottom: 2em !important }'

const folder = process.argv[2]
const { origin, attempt, open, violations, end } = await start(folder)
const pages = pagesOf(folder)
const kinds = largestOfEachKind(pages)

const unfold = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true }))
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

for (const [scheme, options] of Object.entries(SCHEMES)) for (const width of WIDTHS) {
  const context = await open({ ...options, viewport: { width, height: 900 } })
  const page = await context.newPage()
  for (const { kind, path } of kinds) {
    await attempt(`axe: ${kind} (${path}), ${scheme}, ${width}`, async (is, problems) => {
      await page.goto(`${origin}${path}`, { waitUntil: 'load' })
      problems.push(...await violations(page))
      await unfold(page)
      problems.push(...await violations(page))
      is('pixels beyond the screen', await overflow(page) > 0, false)
    })
  }
  await context.close()
}

for (const width of NARROW) {
  const context = await open({ viewport: { width, height: 800 }, bypassCSP: true })
  const page = await context.newPage()
  for (const { kind, path } of kinds) {
    await attempt(`${kind} (${path}) holds a long word and wide text, ${width}`, async (is) => {
      await page.goto(`${origin}${path}`, { waitUntil: 'load' })
      await unfold(page)
      is('as it is', await overflow(page) > 0, false)
      await page.evaluate((word) => {
        const texts = document.querySelectorAll('h1, h2, h3, nav a, li a, .lead, .brand span, summary')
        for (const element of texts) if (element.childElementCount === 0) element.textContent = word
      }, LONG_WORD)
      is('with a long word in every title and link', await overflow(page) > 0, false)
      await page.addStyleTag({ content: TEXT_SPACING })
      is('with wide text', await overflow(page) > 0, false)
    })
  }
  await context.close()
}
await end()
