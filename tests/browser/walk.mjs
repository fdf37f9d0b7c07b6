// What the built flagship does in Chromium; `tests/browser/run` builds it and calls this with its folder.
// What is right is worked out here from decisions/*.json, not by the site's own script.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decisionsOf, fragment, pathsOf } from './decisions.mjs'
import { start as startBrowser } from './harness.mjs'

const TEXT = 4.5 // least contrast of text, and of lines
const LINE = 3
const WIDTHS = [1440, 390]
const SCHEMES = { light: { colorScheme: 'light' }, dark: { colorScheme: 'dark' }, 'forced colours': { forcedColors: 'active' } }

const folder = process.argv[2]
const { origin, attempt, open, inTabs, part, end: finish } = await startBrowser(folder)
const go = (page, path) => page.goto(origin + path, { waitUntil: 'domcontentloaded' })
// A fresh load also where only the fragment differs.
const load = async (page, path) => { await page.goto('about:blank'); await go(page, path) }

const decisions = decisionsOf(folder)

/** What a page of a walk shows, once it has taken the answers in its address in. */
const shown = async (page) => {
  await page.waitForFunction(() => document.querySelector('.so-far [data-given]') || document.querySelector('.walk-says.note'))
  return page.evaluate(() => {
    const clean = (element) => element?.textContent.replace(/\s+/g, ' ').trim() ?? null
    const all = (selector) => [...document.querySelectorAll(selector)]
    return {
      node: document.querySelector('[data-walk]').dataset.node,
      title: clean(document.querySelector('h1')),
      note: clean(document.querySelector('.walk-says.note')),
      leads: document.querySelector('.walk-says.note a')?.getAttribute('href') ?? null,
      hash: location.hash,
      given: all('.so-far [data-given] > li').map((li) => [
        clean(li.querySelector('span')), clean(li.querySelector('strong')), li.querySelector('a')?.getAttribute('href'),
      ]),
      terms: all('.weigh .box .items > li').map((li) => ({
        term: li.dataset.term ?? null,
        met: clean(li.querySelector('.met')),
        condition: li.querySelector('.if:not([hidden])') !== null,
        folded: li.closest('details') !== null,
        list: li.closest('section').getAttribute('aria-labelledby'),
      })),
      chips: all('.so-far .chips a').map((a) => a.getAttribute('href')),
    }
  })
}
/** The rows that the answers so far should have: question, answer, and where "Change" leads. */
const rows = (steps) => steps.map((step, i) =>
  [step.question.title, step.answer.label, step.question.url + (i > 0 ? `#${fragment(steps.slice(0, i))}` : '')])

/** Holds what an outcome's page shows against the path that led there. */
const outcomeIs = (is, got, decision, { steps, end }) => {
  is('outcome', got.node, end)
  is('title', got.title, decision.nodes[end].title)
  is('note', got.note, null)
  is('address', got.hash, `#${fragment(steps)}`)
  is('answers', got.given, rows(steps))
  const met = new Map()
  for (const step of steps) {
    for (const term of [...step.question.terms ?? [], ...step.answer.terms ?? []]) if (!met.has(term)) met.set(term, step)
  }
  for (const { term, met: mark, condition, folded } of got.terms) {
    const step = met.get(term)
    is(`mark at ${term}`, mark, step ? `Met on your way: ${step.question.title} ${step.answer.label}` : null)
    is(`only what was not met is folded away: ${term}`, folded, term !== null && !step)
    is(`only what was not met has a condition: ${term}`, condition, folded)
  }
  is('chips', got.chips, [...met.keys()].filter((term) => decision.terms[term]).map((term) => decision.terms[term].url))
}

const withScript = await open()
for (const decision of decisions) {
  const { slug, nodes, start } = decision
  const paths = pathsOf(decision)
  const ends = Object.keys(nodes).filter((id) => nodes[id].kind === 'outcome')
  const shortest = ends.map((end) => paths.filter((path) => path.end === end).sort((a, b) => a.steps.length - b.steps.length)[0])

  await part(`${slug}: every path by its address`, () => inTabs(withScript, paths.map((path) => (page) =>
    attempt(`${nodes[path.end].url}#${fragment(path.steps)}`, async (is) => {
      await load(page, `${nodes[path.end].url}#${fragment(path.steps)}`)
      outcomeIs(is, await shown(page), decision, path)
    }))))

  await part(`${slug}: every outcome by clicks`, () => inTabs(withScript, ends.map((end, i) => (page) =>
    attempt(`${slug}: clicks to ${end}: ${shortest[i] ? fragment(shortest[i].steps) : 'no path without "not sure"'}`, async (is) => {
      const path = shortest[i]
      await load(page, decision.url)
      await page.click('.begin')
      await page.waitForURL((url) => url.pathname === nodes[start].url)
      for (const [at, step] of path.steps.entries()) {
        is('question', await page.textContent('h1'), step.question.title)
        if (at > 0) is(`answers before ${step.id}`, (await shown(page)).given, rows(path.steps.slice(0, at)))
        await page.click(`[data-answer="${step.answer.id}"]`)
        await page.waitForURL((url) => url.pathname === nodes[step.answer.to].url, { waitUntil: 'domcontentloaded' })
        const focus = await page.waitForFunction(() => document.activeElement?.localName === 'h1').catch(() => null)
        is(`the heading has the focus after ${step.id}=${step.answer.id}`, focus !== null, true)
      }
      outcomeIs(is, await shown(page), decision, path)
    }))))

  const long = paths.toSorted((a, b) => b.steps.length - a.steps.length)[0]
  await part(`${slug}: stale, foreign and old answers`, () => inTabs(withScript, [
    ...long.steps.slice(1).map((step, i) => (page) => {
      const kept = long.steps.slice(0, i + 1)
      const address = `${step.question.url}#${fragment(kept)}&${encodeURIComponent(step.id)}=gone-since&also=gone`
      return attempt(`stale, on the question that the rest leads to: ${address}`, async (is) => {
        await load(page, address)
        const got = await shown(page)
        is('page', got.node, step.id)
        is('answers', got.given, rows(kept))
        is('address', got.hash, `#${fragment(kept)}`)
        const many = kept.length > 1 ? `${kept.length} answers in this address still fit` : 'answer in this address still fits'
        is('note', got.note, `Only the first ${many}; the rest was left out.`)
      })
    }),
    ...long.steps.slice(1).map((step, i) => (page) => {
      const kept = long.steps.slice(0, i + 1)
      const address = `${nodes[long.end].url}#${fragment(kept)}&${encodeURIComponent(step.id)}=gone-since`
      return attempt(`stale, on an outcome: ${address}`, async (is, problems) => {
        await load(page, address)
        const got = await shown(page)
        is('answers', got.given, rows(kept))
        is('way on', got.leads, `${step.question.url}#${fragment(kept)}`)
        is('marks', got.terms.filter((item) => item.met || item.folded), [])
        if (!got.note?.includes('the rest was left out')) problems.push(`note: ${got.note}`)
      })
    }),
    (page) => attempt(`${slug}: no answer fits: ${nodes[start].answers[0].to}#${start}=gone-since`, async (is, problems) => {
      await load(page, `${nodes[nodes[start].answers[0].to].url}#${start}=gone-since`)
      const got = await shown(page)
      is('address', got.hash, '')
      is('answers', got.given, [])
      if (!got.note?.includes('do not fit any more and were left out')) problems.push(`note: ${got.note}`)
    }),
    (page) => {
      const other = ends.find((end) => end !== long.end)
      return attempt(`an outcome that the answers do not lead to: ${nodes[other].url}#${fragment(long.steps)}`, async (is) => {
        await load(page, `${nodes[other].url}#${fragment(long.steps)}`)
        const got = await shown(page)
        is('way on', got.leads, `${nodes[long.end].url}#${fragment(long.steps)}`)
        is('marks', got.terms.filter((item) => item.met), [])
      })
    },
  ]))

  // Aliases: those of the file, or else one put into it on its way to the browser.
  const aliases = paths.flatMap((path) => path.steps.flatMap((step, at) => (step.answer.aliases ?? []).map((alias) => ({ path, at, alias }))))
    .filter((one, i, all) => all.findIndex((x) => x.alias === one.alias && x.path.steps[x.at].id === one.path.steps[one.at].id) === i)
  const changed = aliases.length === 0 && await open()
  if (changed) {
    aliases.push({ path: long, at: long.steps.length - 1, alias: 'an-old-id' })
    const last = long.steps.at(-1)
    await changed.route(`**${decision.file}`, (route) => {
      const json = JSON.parse(readFileSync(join(folder, decision.file), 'utf8'))
      json.nodes[last.id].answers.find((answer) => answer.id === last.answer.id).aliases = ['an-old-id']
      return route.fulfill({ json })
    })
  }
  const how = changed ? ' (none in the file, so one was put in)' : ''
  await part(`${slug}: aliases${how}`, () => inTabs(changed || withScript, aliases.map(({ path, at, alias }) => (page) => {
    const address = nodes[path.end].url + '#' + fragment(path.steps.map((step, i) => i === at ? { ...step, answer: { id: alias } } : step))
    return attempt(`alias: ${address}`, async (is) => {
      await load(page, address)
      outcomeIs(is, await shown(page), decision, path)
    })
  })))
  if (changed) await changed.close()
}

// Without a script: links alone, from the first question.
const without = await open({ javaScriptEnabled: false })
for (const { slug, url, nodes, start } of decisions) {
  await part(`${slug}: without a script`, async () => {
    const page = await without.newPage()
    const way = new Map([[nodes[start].url, [nodes[start].url]]])
    await attempt(`${slug}: without a script, from the decision to the first question`, async (is) => {
      await go(page, url)
      is('link', await page.getAttribute('.begin', 'href'), nodes[start].url)
    })
    for (const [at, before] of way) {
      if (Object.values(nodes).some((node) => node.url === at && node.kind === 'outcome')) continue
      await attempt(`without a script: ${before.join(' > ')}`, async (is, problems) => {
        await go(page, at)
        const links = await page.locator('.answers a').evaluateAll((all) => all.map((a) => a.getAttribute('href')))
        if (links.length < 2) problems.push(`${links.length} answers`)
        for (const link of links) if (!way.has(link)) way.set(link, [...before, link])
      })
    }
    for (const [id, node] of Object.entries(nodes).filter(([, node]) => node.kind === 'outcome')) {
      await attempt(`without a script: the outcome ${id} by ${way.get(node.url)?.join(' > ') ?? 'no way'}`, async (is, problems) => {
        if (!way.has(node.url)) return problems.push('no link leads there')
        const [last] = way.get(node.url).slice(-2)
        await go(page, last)
        await page.click(`.answers a[href="${node.url}"]`)
        is('address', new URL(page.url()).pathname, node.url)
        is('title', await page.textContent('h1'), node.title)
        if (await page.locator('.so-far li').count() === 0) problems.push('no way here is shown')
      })
    }
    await page.close()
  })
}

/** Contrast of every text and line of the chart on a page. Runs in the page. */
const contrasts = () => {
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })
  // Any CSS colour, painted over another, as the screen would have it.
  const paint = (...colours) => {
    context.fillStyle = '#fff'
    for (const colour of [context.fillStyle, ...colours]) { context.fillStyle = colour; context.fillRect(0, 0, 1, 1) }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)
  }
  const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  const light = (rgb) => rgb.reduce((sum, v, i) => sum + linear(v / 255) * [0.2126, 0.7152, 0.0722][i], 0)
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05) }
  const behind = []
  for (let e = document.querySelector('.chart svg').parentElement; e; e = e.parentElement) behind.unshift(getComputedStyle(e).backgroundColor)
  const out = []
  const put = (what, kind, front, ...back) => {
    const ground = [...behind, ...back]
    out.push({ what, kind, ratio: ratio(paint(...ground, front), paint(...ground)) })
  }
  const fill = (e) => { const { fill } = getComputedStyle(e); return fill === 'none' ? 'transparent' : fill }
  for (const e of document.querySelectorAll('.chart svg :is(text, rect, path)')) {
    const group = e.closest('.node, .label'), box = group?.querySelector('rect'), style = getComputedStyle(e)
    const owner = group?.dataset.node ?? group?.dataset.edgeLabel ?? e.dataset.edge ?? ''
    const what = [owner, e.localName, e.getAttribute('class'), e.localName === 'text' && e.textContent].filter(Boolean).join(' ')
    if (e.localName === 'text') put(what, 'text', style.fill, ...box ? [fill(box)] : [])
    else if (e.matches('.tip')) put(what, 'line', style.fill)
    else if (style.stroke !== 'none') put(what, 'line', style.stroke, ...box && e !== box ? [fill(box)] : [])
  }
  return out
}

for (const [scheme, options] of Object.entries(SCHEMES)) for (const width of WIDTHS) {
  const context = await open({ ...options, viewport: { width, height: 900 } })
  await part(`contrast, ${scheme}, ${width} pixels`, () => inTabs(context, decisions.map(({ url }) => (page) =>
    attempt(`contrast in the chart of ${url}, ${scheme}, ${width}`, async (is, problems) => {
      await page.goto(origin + url, { waitUntil: 'load' })
      const all = await page.evaluate(contrasts)
      for (const kind of ['text', 'line']) if (!all.some((one) => one.kind === kind)) problems.push(`no ${kind} found`)
      for (const { what, kind, ratio } of all) {
        const least = kind === 'text' ? TEXT : LINE
        if (!(ratio >= least)) problems.push(`${what}: ${ratio.toFixed(2)}, less than ${least}`)
      }
    }))))
  await context.close()
}

await finish()
