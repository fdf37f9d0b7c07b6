// Listens to `fingerpost serve` and keeps the page as new as the site. Put into pages by the server alone.
(() => {
  'use strict'
  const FOLDER = '/_fingerpost/'
  const POSITION = 'fingerpost:position'
  const script = document.currentScript
  // The page at every address before the first build without errors: it shows the report itself.
  const report = 'errors' in script.dataset ? document.getElementById('report') : null
  let build = script.dataset.build
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

  /** Whether this page, or something that it loaded, is among the addresses; no list means any. */
  const concerns = (addresses) => {
    if (!addresses) return true
    const changed = new Set(addresses)
    const loaded = performance.getEntriesByType('resource').map((entry) => new URL(entry.name))
    return [location, ...loaded].some((url) => url.host === location.host && changed.has(decoded(url.pathname)))
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

  /** The report over the page, in a tree of its own, so that no style of the site reaches it. */
  let host
  const show = (errors) => {
    hide()
    host = document.createElement('fingerpost-report')
    // The reader's choice, where the theme of the site offers one.
    host.style.colorScheme = document.documentElement.dataset.theme ?? ''
    const root = host.attachShadow({ mode: 'open' })
    const make = (name, properties, ...children) => {
      const element = Object.assign(document.createElement(name), properties)
      element.append(...children)
      return element
    }
    const heading = make('h2', { id: 'heading' }, 'The content has errors')
    const close = make('button', { type: 'button', onclick: hide }, 'Hide')
    const text = make('pre', { tabIndex: 0 }, errors)
    text.setAttribute('role', 'region')
    text.setAttribute('aria-label', 'Findings')
    const note = make('p', {}, 'This page is from the last build without errors. Mend them, and it will follow.')
    note.setAttribute('role', 'alert')
    const box = make('section', { className: 'report', onkeydown: (event) => event.key === 'Escape' && hide() },
      make('div', { className: 'head' }, heading, close), note, text)
    box.setAttribute('role', 'dialog')
    box.setAttribute('aria-labelledby', 'heading')
    const style = make('link', { rel: 'stylesheet', href: `${FOLDER}reload.css` })
    box.hidden = true
    style.addEventListener('load', () => { box.hidden = false })
    style.addEventListener('error', () => { box.hidden = false })
    root.append(style, box)
    document.body.append(host)
  }
  const hide = () => {
    host?.remove()
    host = undefined
  }
  const said = (errors) => {
    if (report) report.textContent = errors ?? ''
    else if (errors) show(errors)
    else hide()
  }

  const messages = {
    // The first message of a connection: the page may be old, or from another run of the server.
    state: (data) => (data.build === build ? said(data.errors) : reload()),
    errors: (data) => said(data.errors),
    good: () => said(),
    style: (data) => (said(), swap(data.swap)),
    page: (data) => (said(), concerns(data.changed) && reload()),
  }
  const listen = () => {
    source = new EventSource(`${FOLDER}events`)
    for (const [name, act] of Object.entries(messages)) {
      source.addEventListener(name, (event) => {
        const data = JSON.parse(event.data)
        const isOld = data.build === build
        // What this page was made of already, or loaded after.
        if (isOld && (name === 'style' || name === 'page')) return
        if (report && data.build !== build) return reload()
        if (name !== 'state') build = data.build
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
