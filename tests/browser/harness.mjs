// What browser tests share: a browser on the built site, checks, and everything that a page complains about.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { serve } from './serve.mjs'

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]
const TABS = 4
const WAIT = 10_000 // milliseconds for a page to say what it should

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Serves a folder and starts a browser on it. */
export const start = async (folder) => {
  const site = await serve(folder)
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })
  const complaints = new Set()
  let passed = 0
  let failed = 0

  /** Runs one check; what is thrown, such as a wait that ended, is a problem like any other. */
  const attempt = async (name, test) => {
    const problems = []
    const is = (what, got, wanted) => {
      const [a, b] = [got, wanted].map((value) => JSON.stringify(value))
      if (a !== b) problems.push(`${what}: ${a} instead of ${b}`)
    }
    try {
      await test(is, problems)
    } catch (error) {
      problems.push(String(error.message).split('\n').slice(0, 3).join(' '))
    }
    if (problems.length === 0) return void passed++
    failed++
    console.log(`FAILED ${name}`)
    for (const problem of problems) console.log(`  ${problem}`)
  }

  /** A fresh browser profile. With `quiet`, what it complains about is the point of the test and not kept. */
  const open = async ({ quiet = false, ...options } = {}) => {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
    context.setDefaultTimeout(WAIT)
    context.on('page', (page) => {
      const at = () => page.url().replace(site.origin, '')
      page.on('pageerror', (error) => complaints.add(`${at()}: ${error.message}`))
      if (quiet) return
      page.on('console', (message) => message.type() === 'error' && complaints.add(`${at()}: console: ${message.text()}`))
      page.on('response', (response) => response.status() >= 400 &&
        complaints.add(`${at()}: ${response.status()} for ${response.url()}`))
      page.on('request', (request) => {
        const own = /^(data:|blob:|about:)/.test(request.url()) || request.url().startsWith(`${site.origin}/`)
        if (!own) complaints.add(`${at()}: asks for ${request.url()}`)
      })
    })
    // Reports of the policy that no console shows, such as those of a stylesheet.
    if (options.javaScriptEnabled !== false) {
      await context.exposeFunction('fingerpostViolation', (text) => complaints.add(text))
      await context.addInitScript(() => addEventListener('securitypolicyviolation', (e) =>
        globalThis.fingerpostViolation(`${location.pathname}: ${e.effectiveDirective} forbids ${e.blockedURI}`)))
    }
    return context
  }

  /** What axe finds on a page, or within a part of it, with every rule, those that are experimental too. */
  const violations = async (page, within) => {
    await page.evaluate(axe)
    const found = await page.evaluate((within) => {
      const rules = Object.fromEntries(globalThis.axe.getRules().map((rule) => [rule.ruleId, { enabled: true }]))
      return globalThis.axe.run(within ?? document, { rules, resultTypes: ['violations'] })
    }, within)
    return found.violations.flatMap(({ id, help, nodes }) => [`${id}: ${help}: ${nodes.length} places`,
      ...nodes.slice(0, 5).map((node) => `  ${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')}`)])
  }

  /** Runs jobs, functions of a page, in several tabs of a context. */
  const inTabs = async (context, jobs) => {
    const queue = [...jobs]
    await Promise.all(Array.from({ length: TABS }, async () => {
      const page = await context.newPage()
      for (let job; (job = queue.shift());) await job(page)
      await page.close()
    }))
  }

  /** Does a part of the work, and says how many checks that were and how long it took. */
  const part = async (name, work) => {
    const [began, before] = [Date.now(), passed + failed]
    await work()
    console.log(`${name}: ${passed + failed - before} checks, ${((Date.now() - began) / 1000).toFixed(1)} s`)
  }

  /** Says how it went and ends everything. */
  const end = async () => {
    await attempt('no console error, no violation of the policy, no failed or foreign request', (is, problems) =>
      problems.push(...complaints))
    await browser.close()
    site.close()
    console.log(`${passed} passed, ${failed} failed`)
    process.exitCode = failed > 0 ? 1 : 0
  }

  return { origin: site.origin, attempt, open, violations, inTabs, part, end }
}
