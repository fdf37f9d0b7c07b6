// A host with the edge function in front of it, as Netlify is: it adds the headers for caching that Netlify sends by itself.
import { createServer, request as ask } from 'node:http'
import { createHash } from 'node:crypto'
import { serve } from './serve.mjs'
import markdown from './markdown.mjs'

/** What the host behind answers; without the pool of connections that `fetch` keeps. */
const answerOf = (url, method) =>
  new Promise((done, failed) => {
    const asked = ask(url, { method, agent: false }, async (response) => {
      const body = Buffer.concat(await response.toArray())
      done(new Response(body.length ? body : null, { status: response.statusCode, headers: response.headers }))
    })
    asked.on('error', failed).end()
  })

/** Serves a folder; gives the origin and a function that ends it. */
export const host = async (folder) => {
  const behind = await serve(folder)
  // The function asks for the Markdown by the address of the page, which leads here again.
  globalThis.fetch = (url, { method }) => answerOf(behind.origin + new URL(url).pathname, method)
  const server = createServer(async (request, response) => {
    const { method, headers, url } = request
    const asked = new Request(new URL(url, `http://${headers.host}`), { method, headers })
    const next = () => answerOf(behind.origin + url, method)
    const answer = (await markdown(asked, { next })) ?? (await next())
    const body = Buffer.from(await answer.arrayBuffer())
    const own = [...answer.headers].filter(([name]) => !/^(connection|keep-alive|transfer-encoding|date)$/.test(name))
    response.writeHead(answer.status, {
      'cache-control': 'public, max-age=0, must-revalidate',
      etag: `"${createHash('sha1').update(body).digest('hex')}"`,
      ...Object.fromEntries(own),
    })
    response.end(body)
  })
  // The checks leave connections idle while they work out what they have read.
  server.keepAliveTimeout = 600_000
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const close = () => {
    server.closeAllConnections()
    server.close()
    behind.close()
  }
  return { origin: `http://127.0.0.1:${server.address().port}`, close }
}
