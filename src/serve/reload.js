// Listens to `fingerpost serve` and keeps the page as new as the site. Put into pages by the server alone.
(() => {
  'use strict'
  const FOLDER = '/_fingerpost/'
  const POSITION = 'fingerpost:position'
  const script = document.currentScript
  // Whether the page is the list of findings, which needs no bar that leads to it.
  const isList = 'list' in script.dataset
  // A hash of what this page was made of.
  let shown = script.dataset.shown
  let source

  /** Loads the page again and comes back to the same place of it. */
  const reload = () => {
    const scrolled = [...document.querySelectorAll('[id]')].filter((part) => part.scrollTop > 0)
    const parts = scrolled.map((part) => [part.id, part.scrollTop])
    const position = { at: location.href, x: scrollX, y: scrollY, parts }
    try { sessionStorage.setItem(POSITION, JSON.stringify(position)) } catch { /* The browser's own memory will do. */ }
    source?.close()
    location.reload()
  }

  const restore = () => {
    let position
    try {
      position = JSON.parse(sessionStorage.getItem(POSITION))
      sessionStorage.removeItem(POSITION)
    } catch { /* Nothing is remembered. */ }
    if (position?.at !== location.href) return
    const go = () => {
      scrollTo({ left: position.x, top: position.y, behavior: 'instant' })
      for (const [id, top] of position.parts) document.getElementById(id)?.scrollTo({ top, behavior: 'instant' })
    }
    go()
    // Pictures may only now have made the page as long as it was.
    if (document.readyState !== 'complete') addEventListener('load', () => requestAnimationFrame(go), { once: true })
  }

  const decoded = (path) => { try { return decodeURIComponent(path) } catch { return path } }

  /** Whether this page loaded something from one of the addresses. */
  const loaded = (addresses) => {
    const changed = new Set(addresses)
    const urls = performance.getEntriesByType('resource').map((entry) => new URL(entry.name))
    return urls.some((url) => url.host === location.host && changed.has(decoded(url.pathname)))
  }

  /** Puts new style sheets in the places of old ones; the old one goes when the new one is there. */
  const swap = (addresses) => {
    for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
      const to = addresses[decoded(new URL(link.href).pathname)]
      if (!to) continue
      const next = link.cloneNode()
      next.href = to.split('/').map(encodeURIComponent).join('/')
      next.addEventListener('load', () => link.remove())
      link.after(next)
    }
  }

  /** What is wrong, in a bar over the page; in a tree of its own, so that no style of the site reaches it. */
  let host
  let hidden // What the reader has hidden: it stays so until something else is wrong.
  const show = ({ count, first }) => {
    host?.remove()
    host = document.createElement('fingerpost-findings')
    // The reader's choice, where the theme of the site offers one.
    host.style.colorScheme = document.documentElement.dataset.theme ?? ''
    const root = host.attachShadow({ mode: 'open' })
    const make = (name, properties, ...children) => {
      const element = Object.assign(document.createElement(name), properties)
      element.append(...children)
      return element
    }
    const hide = () => {
      hidden = count + first
      host.remove()
    }
    const message = make('p', {}, make('strong', {}, `${count} in the content`), ' ', make('code', {}, first))
    message.setAttribute('role', 'status')
    const list = make('a', { href: `${FOLDER}findings`, target: 'fingerpost-findings' }, 'Show all findings')
    const close = make('button', { type: 'button', onclick: hide }, 'Hide')
    const bar = make('section', { className: 'bar', onkeydown: (event) => event.key === 'Escape' && hide() },
      message, list, close)
    bar.setAttribute('aria-label', 'Findings')
    const style = make('link', { rel: 'stylesheet', href: `${FOLDER}reload.css` })
    bar.hidden = true
    style.addEventListener('load', () => { bar.hidden = false })
    style.addEventListener('error', () => { bar.hidden = false })
    root.append(style, bar)
    document.body.append(host)
  }
  const say = (problems) => {
    if (isList) return
    if (!problems) {
      host?.remove()
      hidden = undefined
    } else if (problems.count + problems.first !== hidden) {
      show(problems)
    }
  }

  const messages = {
    // Also the first message of a connection: the page may be old, or from another run of the server.
    state: () => {},
    page: reload,
    style: ({ swap: addresses }) => swap(addresses),
    files: ({ changed }) => loaded(changed) && reload(),
  }
  const listen = () => {
    // The list of findings is no page of the site; it loads again with every edit.
    source = new EventSource(`${FOLDER}events?page=${encodeURIComponent(location.pathname)}`)
    for (const [name, act] of Object.entries(messages)) {
      source.addEventListener(name, (event) => {
        const data = JSON.parse(event.data)
        if (name === 'state' && data.shown !== shown) return reload()
        say(data.problems)
        shown = data.shown
        act(data)
      })
    }
  }
  // A browser opens few connections to one server: pages that nobody sees, or that are kept to go back to, hold none.
  const listenIfSeen = () => {
    source?.close()
    source = undefined
    if (document.visibilityState === 'visible') listen()
  }
  document.addEventListener('visibilitychange', listenIfSeen)
  addEventListener('pagehide', () => source?.close())
  addEventListener('pageshow', (event) => event.persisted && listenIfSeen())
  restore()
  listenIfSeen()
})()
