/** Serves folders to the tests' browser, with a policy as strict as the element promises to stand. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, sep } from 'node:path'

export const STRICT_POLICY: string =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
  "style-src 'self'; img-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

export interface TestServer {
  readonly origin: string
  /** Answers nothing any more: the page is offline. */
  close(): Promise<void>
}

export interface ServeOptions {
  readonly policy?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What is served in place of a page. */
  readonly rewrite?: (html: string) => string
}

/** `folders`: URL prefix to folder. The longest prefix wins. The caller closes it. */
export async function serve(
  folders: Readonly<Record<string, string>>,
  { policy = STRICT_POLICY, headers = {}, rewrite = (html) => html }: ServeOptions = {},
): Promise<TestServer> {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length)
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://test')
    const prefix = prefixes.find((start) => pathname.startsWith(start))
    const inside = normalize(decodeURIComponent(pathname.slice(prefix?.length ?? 0)) || 'index.html')
    if (pathname === '/favicon.ico') return void response.writeHead(204).end()
    try {
      if (prefix === undefined || inside.startsWith(`..${sep}`)) throw new Error('outside')
      const path = inside.endsWith(sep) ? `${inside}index.html` : inside
      const body = await readFile(join(folders[prefix]!, path))
      const type = TYPES[extname(path)] ?? 'application/octet-stream'
      response
        .writeHead(200, { ...headers, 'content-type': type, 'content-security-policy': policy })
        .end(extname(path) === '.html' ? rewrite(String(body)) : body)
    } catch {
      response.writeHead(404, { 'content-security-policy': policy }).end('not found')
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { origin: `http://127.0.0.1:${port}`, close }
}
