/** The page's way in, as far as Node can tell: what a bundle of it holds, and its errors. */
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { oneThreadAdapter } from '../test/one-thread-adapter.ts'
import { createSolver, fetchModel } from './browser.ts'
import { loadModelBytes } from './node.ts'

const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'

afterEach(() => vi.unstubAllGlobals())

/** Every script of a page that imports `entry`, workers included, and the modules that went into the page's own. */
async function bundle(entry: string) {
  const input = fileURLToPath(new URL(entry, import.meta.url))
  const output = (await build({
    configFile: false,
    logLevel: 'silent',
    worker: { format: 'es' },
    build: { write: false, minify: false, rolldownOptions: { input, preserveEntrySignatures: 'strict' } },
  })) as Rolldown.RolldownOutput
  const chunks = output.output.filter((part) => part.type === 'chunk')
  const scripts = output.output.filter(({ fileName }) => fileName.endsWith('.js'))
  const code = scripts.map((part) => (part.type === 'chunk' ? part.code : String(part.source)))
  return { code: code.join('\n'), scripts, modules: chunks.flatMap(({ moduleIds }) => moduleIds) }
}

describe('the graph of the browser entry', () => {
  it('has no module of Node, no onnxruntime and no SharedArrayBuffer; the worker is bundled with it', async () => {
    const { code, scripts, modules } = await bundle('./browser.ts')
    expect(scripts.map(({ fileName }) => fileName).join()).toContain('browser-worker')
    expect(modules.join('\n')).toContain('pool/browser.ts')
    expect(modules.filter((id) => /node:|__vite-browser-external|onnx|protobuf|pool\/node/.test(id))).toEqual(
      [],
    )
    expect(code).not.toMatch(/(?:from|import)\s*\(?\s*["'](?:node:|fs|worker_threads|onnx)/)
    expect(code).not.toMatch(/new SharedArrayBuffer|__vite-browser-external/)
  }, 60_000)

  it('would show them: the entry for Node has some', async () => {
    const { code, modules } = await bundle('./index.ts').catch((error: Error) => ({
      code: error.message,
      modules: [],
    }))
    expect(code + modules.join('\n')).toMatch(/node:worker_threads|__vite-browser-external/)
  }, 60_000)
})

describe('createSolver for pages', () => {
  it('solves with the bytes it is given', async () => {
    const modelBytes = await loadModelBytes('sudoku')
    const solver = await createSolver({ modelBytes, adapter: oneThreadAdapter })
    expect((await solver.solve(EASY, { seed: 1 })).status).toBe('verified')
    await solver.close()
  })

  it('says before any download that SIMD is missing', async () => {
    const fetched = vi.fn()
    vi.stubGlobal('fetch', fetched)
    vi.stubGlobal('WebAssembly', { ...WebAssembly, validate: () => false })
    const made = createSolver({ modelUrl: 'https://models.test/m.safetensors' })
    await expect(made).rejects.toMatchObject({
      name: 'KernelUnavailableError',
      message: expect.stringMatching(/no WebAssembly SIMD.*Safari/),
    })
    expect(fetched).not.toHaveBeenCalled()
  })

  it('names the bundled models when asked for another', async () => {
    await expect(createSolver({ model: 'chess' })).rejects.toMatchObject({
      name: 'ModelUnavailableError',
      message: expect.stringMatching(/'chess'.*sudoku-2/),
    })
  })
})

describe('fetchModel', () => {
  const url = 'https://models.test/m.safetensors'

  it('tells address and status of a file that is not there', async () => {
    vi.stubGlobal('fetch', async () => new Response('no', { status: 404 }))
    await expect(fetchModel(url)).rejects.toThrow(/models\.test\/m\.safetensors: HTTP 404/)
  })

  it('tells what to look at when there is no answer at all', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')))
    await expect(fetchModel(url)).rejects.toMatchObject({ name: 'ModelUnavailableError' })
    await expect(fetchModel(url)).rejects.toThrow(/Failed to fetch.*CORS.*connect-src/)
  })

  it("rejects with the signal's reason", async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(fetchModel(url, signal)).rejects.toThrow('enough')
  })
})
