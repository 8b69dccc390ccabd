/** The way in where there are no workers, as far as Node can tell: the answers of threads, every form of its files, its errors. */
import { readFile } from 'node:fs/promises'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createPool, createSolver } from './edge.ts'
import { createSolver as createNodeSolver, loadModelBytes } from './node.ts'
import type { Candidate } from './rollouts/candidate.ts'

const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const plan = { rollouts: 3, steps: 4, stop: 'all', seed: 3 } as const
const VARIANTS = ['simd128', 'relaxed'] as const
const modelBytes = await loadModelBytes('sudoku')
const [simd128, relaxed] = await Promise.all(
  VARIANTS.map((variant) =>
    readFile(new URL(`../../core-wasm/pkg/${variant}/ptrm_core_bg.wasm`, import.meta.url)),
  ),
)
const files = { simd128: simd128!, relaxed: relaxed! }

afterEach(() => vi.unstubAllGlobals())

it('runs here where there is no page and no Worker, as in a service worker or workerd', () => {
  for (const name of ['Worker', 'window', 'document', 'location']) expect(globalThis).not.toHaveProperty(name)
})

describe.each(VARIANTS)('with the %s kernel', (kernelVariant) => {
  let wanted: readonly Candidate[]
  beforeAll(async () => {
    const threads = await createNodeSolver({ workers: 2, kernelVariant })
    wanted = (await threads.solve(EASY, plan)).candidates
    await threads.close()
  })

  const bytes = files[kernelVariant]
  it.each([
    ['a module', () => new WebAssembly.Module(bytes)],
    ['bytes', () => bytes],
    ['a buffer', () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)],
    ['an answer', () => new Response(bytes)],
    ['an answer to come', () => Promise.resolve(new Response(bytes))],
    ['one of several', () => files],
  ])('has the candidates of threads, bit for bit: from %s', async (_, wasmModule) => {
    const solver = await createSolver({ wasmModule: wasmModule(), kernelVariant, modelBytes })
    expect(solver).toMatchObject({ workers: 0, slots: 1, kernelVariant })
    expect((await solver.solve(EASY, plan)).candidates).toEqual(wanted)
    await solver.close()
  })

  it('and from addresses', async () => {
    const at = (name: string) => `https://files.test/${name}`
    vi.stubGlobal('fetch', async (url: URL) =>
      url.href === at('model')
        ? new Response(modelBytes.slice())
        : new Response(files[url.pathname.slice(1) as 'relaxed']),
    )
    const wasmUrl = { simd128: at('simd128'), relaxed: at('relaxed') }
    const pool = await createPool({ wasmUrl, kernelVariant })
    const solver = await createSolver({ modelUrl: at('model'), pool })
    expect((await solver.solve(EASY, plan)).candidates).toEqual(wanted)
    await pool.close()
  })
})

it('takes a single kernel for plain SIMD, and of several the fastest that there is', async () => {
  const variantOf = async (wasmModule: object) =>
    (await createPool({ workers: 0, wasmModule: wasmModule as typeof files })).kernelVariant
  expect(await variantOf(files.simd128)).toBe('simd128')
  expect(await variantOf({ simd128: files.simd128 })).toBe('simd128')
  expect(await variantOf(files)).toBe('relaxed')
})

describe('says what is wrong', () => {
  it.each([
    [
      'kernel.wasm',
      /found "kernel.wasm", wanted a WebAssembly.Module, bytes or a Response; an address is for wasmUrl/,
    ],
    [{}, /found \{\}, wanted a WebAssembly.Module/],
    [{ relaxed: simd128 }, /simd128 kernel: .*found undefined/, 'simd128'],
    [new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]), /a module of WebAssembly that is not the kernel/],
    [new Uint8Array(9), /can't take the simd128 kernel: CompileError/],
    [new Response('', { status: 404 }), /HTTP 404/],
  ] as const)('with a kernel %#', async (wasmModule, message, kernelVariant?: 'simd128') => {
    const made = createSolver({
      wasmModule: wasmModule as Uint8Array<ArrayBuffer>,
      kernelVariant,
      modelBytes,
    })
    await expect(made).rejects.toMatchObject({
      name: 'KernelUnavailableError',
      message: expect.stringMatching(message),
    })
  })

  it('with a runtime that compiles no bytes', async () => {
    vi.spyOn(WebAssembly, 'compile').mockRejectedValueOnce(
      new WebAssembly.CompileError('Wasm code generation disallowed by embedder'),
    )
    await expect(createPool({ wasmModule: files.simd128 })).rejects.toThrow(
      /import the \.wasm file as a module/,
    )
  })

  it('with a model', async () => {
    await expect(createSolver({ modelUrl: 'm.safetensors' })).rejects.toMatchObject({
      name: 'ModelUnavailableError',
      message: expect.stringMatching(/m.safetensors: it is no whole address.*modelBytes/),
    })
    const text = 'a text' as unknown as Uint8Array
    await expect(createSolver({ modelBytes: text })).rejects.toThrow(
      'options.modelBytes: found "a text", wanted a Uint8Array or an ArrayBuffer',
    )
  })

  it('with workers, and with options that a pool has decided', async () => {
    await expect(createSolver({ workers: 2 as 0 })).rejects.toThrow(
      'options.workers: found 2, wanted 0: this entry has no workers; leave it out',
    )
    const pool = await createPool({ wasmModule: files.simd128 })
    await expect(createSolver({ pool, wasmModule: files.simd128 })).rejects.toThrow('nothing beside pool')
    await pool.close()
  })
})
