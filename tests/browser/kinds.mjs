// What holds on every kind of page of the flagship: axe with all its rules, with folds closed and open, and a layout that
// no long word, narrow screen or wide text breaks. `tests/browser/run` calls this with the built folder.
import { withAnswers } from './decisions.mjs'
import { start } from './harness.mjs'
import { largestOfEachKind, pagesOf } from './pages.mjs'

const WIDTHS = [1440, 834, 390]
const NARROW = [390, 320]
const SCHEMES = { light: { colorScheme: 'light' }, dark: { colorScheme: 'dark' }, 'forced colours': { forcedColors: 'active' } }
const LONG_WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
const TITLES = 'h1, h2, h3, nav a, main li a:not(.cite, .back), dt a, .lead, .brand span, summary, summary strong, .chip > span, .arm-link strong'
/** Success criterion 1.4.12 of WCAG 2.2. */
const TEXT_SPACING = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }' +
  ' p { margin-bottom: 2em !important }'

const folder = process.argv[2]
const { origin, attempt, open, violations, inTabs, part, end } = await start(folder)
const answered = withAnswers(folder)
const kinds = largestOfEachKind(pagesOf(folder)).flatMap((page) =>
  answered.has(page.path) ? [page, { kind: `${page.kind} with answers`, path: answered.get(page.path) }] : [page])

const visit = async (page, path) => {
  await page.goto('about:blank')
  const response = await page.goto(`${origin}${path}`, { waitUntil: 'load' })
  if (path.includes('#')) await page.locator('[data-given]').waitFor()
  return response
}
/** Opens every fold, and waits until those of the references say what they fetch. */
const unfold = async (page) => {
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true }))
  await page.waitForFunction(() => !document.querySelector('.references li:not(:has(.back))'))
}
/** What is wider than its place, the page or a part with a width of its own, with some that stick out. Runs in the page. */
const tooWide = () => {
  const parts = [document.documentElement, ...document.querySelectorAll('.top, .contents, .toc, .pair')]
  return parts.filter((box) => box.clientWidth > 0 && box.scrollWidth > box.clientWidth).map((box) => {
    const end = box.getBoundingClientRect().left + box.clientWidth
    const beyond = [...box.querySelectorAll('*')].filter((one) => !one.childElementCount && one.getBoundingClientRect().right > end + 1)
    return `${box.className || box.localName}: ${box.scrollWidth} in ${box.clientWidth}: ` +
      beyond.slice(0, 3).map((one) => `${one.parentElement.localName} > ${one.localName}.${one.getAttribute('class')}`).join(', ')
  })
}

for (const [scheme, options] of Object.entries(SCHEMES)) for (const width of WIDTHS) {
  const context = await open({ ...options, viewport: { width, height: 900 } })
  await part(`axe, ${scheme}, ${width} pixels`, () => inTabs(context, kinds.map(({ kind, path }) => (page) =>
    attempt(`axe: ${kind} (${path}), ${scheme}, ${width}`, async (is, problems) => {
      const response = await visit(page, path)
      if (!response.headers()['content-security-policy']?.includes("default-src 'none'")) problems.push('served without the policy')
      // What is open shows all that is closed, but for the chevrons of folds.
      if (scheme === 'light') problems.push(...await violations(page))
      await unfold(page)
      problems.push(...await violations(page))
      is('wider than its place', await page.evaluate(tooWide), [])
    }))))
  await context.close()
}

for (const width of NARROW) {
  const context = await open({ viewport: { width, height: 800 }, bypassCSP: true })
  await part(`long words and wide text, ${width} pixels`, () => inTabs(context, kinds.map(({ kind, path }) => (page) =>
    attempt(`${kind} (${path}) holds a long word and wide text, ${width}`, async (is) => {
      await visit(page, path)
      await unfold(page)
      is('as it is', await page.evaluate(tooWide), [])
      await page.evaluate(([titles, word]) => {
        for (const element of document.querySelectorAll(titles)) if (element.childElementCount === 0) element.textContent = word
      }, [TITLES, LONG_WORD])
      is('with a long word in every title and link', await page.evaluate(tooWide), [])
      await page.addStyleTag({ content: TEXT_SPACING })
      is('with wide text', await page.evaluate(tooWide), [])
    }))))
  await context.close()
}
await end()
