// Runs in the page: the engines behind one face. `load` gets all code, as at the first wish to search; `search` gives
// the moment at which the first three results could be shown, which it also says to `benchShown`, and that at which
// ten, or all there are, could be.
globalThis.benchEngines = {
  fingerpost: async ({ script, start, style }) => {
    const add = (tag, props) => new Promise((done, fail) => {
      document.head.append(Object.assign(document.createElement(tag), props, { onload: done, onerror: fail }))
    })
    if (style) add('link', { rel: 'stylesheet', href: style })
    await add('script', { src: script })
    // What the dialog shows before anything is asked.
    if (start) await add('script', { src: start })
    const engine = searchBundle.engine(new URL('/search/root.bin', location).href)
    // As the panel asks: the first results at once, then ten, if somebody still waits. Filters come after that.
    const search = async (query, live = () => true) => {
      let first
      const shown = () => { first = performance.now(); return benchShown() }
      const found = await engine.search(query, {}, { limit: 10, live, first: shown })
      if (found && !first) await shown()
      return found && { first, ten: performance.now(), results: found.results.length }
    }
    const type = async (query, gap) => {
      let key = 0, last
      while (key < query.length) {
        const mine = ++key
        last = search(query.slice(0, key), () => key === mine)
        last.catch(() => {})
        if (key < query.length) await new Promise((done) => setTimeout(done, gap))
      }
      const pressed = performance.now()
      return { pressed, ...await last }
    }
    return { search, type, also: async () => {} }
  },
  pagefind: async () => {
    const engine = await import('/pagefind/pagefind.js')
    const show = async (found) => {
      const load = (list) => Promise.all(list.map((result) => result.data()))
      const ten = found.results.slice(0, 10)
      await load(ten.slice(0, 3))
      const first = performance.now()
      await benchShown()
      await load(ten.slice(3))
      return { first, ten: performance.now(), results: ten.length }
    }
    const search = async (query) => show(await engine.search(query))
    const type = async (query, gap) => {
      let last
      for (let key = 1; key <= query.length; key++) {
        last = engine.debouncedSearch(query.slice(0, key)).then((found) => found && show(found))
        last.catch(() => {})
        if (key < query.length) await new Promise((done) => setTimeout(done, gap))
      }
      const pressed = performance.now()
      return { pressed, ...await last }
    }
    return { search, type, also: async () => {} }
  },
}
