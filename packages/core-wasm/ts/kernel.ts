/** Loads the wasm kernel, in Node or a browser, in the variant that this machine runs best. */
import { relaxedSimd, simd } from 'wasm-feature-detect'
import type * as Glue from '../pkg/simd128/ptrm_core.js'
import {
  type KernelVariant,
  type NoiseDraw,
  POSITIONS,
  type Tensors,
  type Tie,
  type TrmConfig,
} from './config.ts'
import { KernelUnavailableError, modelFormatError } from './errors.ts'
import { checkConfig, checkLimits } from './limits.ts'
import { TrmModel } from './model.ts'
import { checkDraw } from './noise-request.ts'
import { checkTensors } from './tensor-list.ts'

/** A compiled kernel. Structured-cloneable: compile once, post it to every worker. */
export interface KernelSource {
  readonly variant: KernelVariant
  readonly module: WebAssembly.Module
}

/** Which build of the kernel, and from where. */
export interface CompileOptions {
  /** Default: `relaxed` where the engine knows it, else `simd128`. */
  readonly variant?: KernelVariant | undefined
  /** Where the variant's .wasm lies, for pages that serve it elsewhere; relative to the page, or absolute. */
  readonly wasmUrl?: string | URL | undefined
}

/** What a page's Content-Security-Policy must say for any WebAssembly. */
const CSP_REMEDY = "a Content-Security-Policy must have 'wasm-unsafe-eval' in its script-src"
/** For files that were left over from before an update. */
const VERSION_REMEDY = 'its .wasm file and its script must be of one version of @ptrm/core-wasm'
/** For bundles that were made without the kernel's files. */
const BUNDLER_REMEDY =
  'is it served there? esbuild and rollup leave it behind unless told: serve it and give wasmUrl (docs/embedding.md)'

/** The fastest variant that this JavaScript engine can run. Throws `KernelUnavailableError` without SIMD. */
export async function bestVariant(): Promise<KernelVariant> {
  if (typeof WebAssembly === 'undefined')
    throw new KernelUnavailableError(
      'this JavaScript engine runs without WebAssembly; leave its lockdown mode (Node: --jitless) and try again',
    )
  if (await relaxedSimd()) return 'relaxed'
  if (await simd()) return 'simd128'
  throw new KernelUnavailableError(
    'this JavaScript engine has no WebAssembly SIMD; use Node >= 20, Chrome >= 91, Firefox >= 89 or Safari >= 16.4',
  )
}

/** Fetches and compiles the kernel. Throws `KernelUnavailableError` where it can't be had or run. */
export async function compileKernel(options: CompileOptions = {}): Promise<KernelSource> {
  const variant = options.variant ?? (await bestVariant())
  let url = options.wasmUrl
  try {
    url = url === undefined ? kernelUrl(variant) : new URL(url, pageAddress())
    return { variant, module: await WebAssembly.compile(await readBytes(url)) }
  } catch (cause) {
    const place = url === undefined ? 'beside its script' : `from ${url}`
    throw new KernelUnavailableError(
      `can't load the ${variant} kernel ${place}: ${String(cause)}${remedyFor(cause, options)}`,
      { cause },
    )
  }
}

/**
 * Where the .wasm file of a variant lies. Literal, so that bundlers find the files and move them along. Asked for late: bundles
 * in formats without `import.meta` have no such place, and need none where the page gives `wasmUrl`.
 */
export function kernelUrl(variant: KernelVariant): URL {
  return variant === 'relaxed'
    ? new URL('../pkg/relaxed/ptrm_core_bg.wasm', import.meta.url)
    : new URL('../pkg/simd128/ptrm_core_bg.wasm', import.meta.url)
}

/** What a page's relative addresses are relative to; undefined on a server. */
function pageAddress(): string | undefined {
  return globalThis.document?.baseURI ?? globalThis.location?.href
}

function remedyFor(cause: unknown, { wasmUrl }: CompileOptions): string {
  if (/content security policy|unsafe-eval/i.test(String(cause))) return `; ${CSP_REMEDY}`
  const isBundled = pageAddress() !== undefined || !import.meta.url
  return wasmUrl === undefined && isBundled ? `; ${BUNDLER_REMEDY}` : ''
}

async function readBytes(url: URL): Promise<BufferSource> {
  // No import, which bundlers for pages would follow: browsers must never meet Node's modules here.
  if (url.protocol === 'file:' && typeof process !== 'undefined')
    return process.getBuiltinModule('node:fs/promises').readFile(url)
  const response = await fetch(url)
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return response.arrayBuffer()
}

// wasm-bindgen's glue keeps one instance a JavaScript realm and variant.
const instances = new Map<KernelVariant, Promise<Kernel>>()

/**
 * Instantiates a compiled kernel in this realm (once a variant; later calls return the same one). Rejects with
 * `KernelUnavailableError`; a later call may then try again.
 */
export function instantiateKernel(source: KernelSource): Promise<Kernel> {
  const { variant } = source
  let kernel = instances.get(variant)
  if (!kernel) {
    kernel = instantiate(source).catch((cause: unknown) => {
      // Else one file that was of no use, or a connection that was lost, would be the last word.
      instances.delete(variant)
      throw new KernelUnavailableError(
        `can't start the ${variant} kernel: ${String(cause)}${startRemedyFor(cause)}`,
        { cause },
      )
    })
    instances.set(variant, kernel)
  }
  return kernel
}

function startRemedyFor(cause: unknown): string {
  return /import|WebAssembly\.Instance/i.test(String(cause)) ? `; ${VERSION_REMEDY}` : ''
}

async function instantiate({ variant, module }: KernelSource): Promise<Kernel> {
  const glue: typeof Glue = await (variant === 'relaxed'
    ? import('../pkg/relaxed/ptrm_core.js')
    : import('../pkg/simd128/ptrm_core.js'))
  return Kernel.of(variant, glue, glue.initSync({ module }).memory)
}

/** Compiles and instantiates: the short way for one thread. */
export async function loadKernel(options: CompileOptions = {}): Promise<Kernel> {
  return instantiateKernel(await compileKernel(options))
}

/** How a model is held. */
export interface LoadOptions {
  /** Rollouts held at once; default 1. */
  readonly slots?: number | undefined
  /** `simd` (default) or `scalar`, the slow readable oracle. */
  readonly path?: 'simd' | 'scalar' | undefined
}

/** The kernel in this JavaScript realm: makes models and noise. `instantiateKernel` or `loadKernel` give one. */
export class Kernel {
  readonly variant: KernelVariant
  readonly #glue: typeof Glue
  readonly #memory: WebAssembly.Memory

  /** @internal For `instantiateKernel`. */
  static of(variant: KernelVariant, glue: typeof Glue, memory: WebAssembly.Memory): Kernel {
    return new Kernel(variant, glue, memory)
  }

  private constructor(variant: KernelVariant, glue: typeof Glue, memory: WebAssembly.Memory) {
    this.variant = variant
    this.#glue = glue
    this.#memory = memory
  }

  /**
   * Checks and packs a model into wasm memory, which may grow: views into it are then invalid. Throws `ModelFormatError`,
   * and `KernelUnavailableError` where the memory does not suffice. The caller closes the model.
   */
  load(config: TrmConfig, tensors: Tensors, options: LoadOptions = {}): TrmModel {
    checkConfig(config)
    const used = checkTensors(config, tensors)
    checkLimits({ config, tensors: only(used.keys(), tensors) })
    const slots = options.slots ?? 1
    if (!Number.isInteger(slots) || slots < 1)
      throw new RangeError(`slots: found ${slots}, wanted a positive integer`)
    try {
      return TrmModel.of(config, slots, this.#build(config, used.keys(), tensors, options), this.#memory)
    } catch (thrown) {
      throw modelFormatError(thrown)
    }
  }

  #build(
    config: TrmConfig,
    used: Iterable<string>,
    tensors: Tensors,
    { slots = 1, path }: LoadOptions,
  ): Glue.Model {
    const builder = new this.#glue.ModelBuilder(
      config.vocabSize,
      config.seqLen ?? 0,
      config.prefix,
      config.hiddenSize,
      config.numHeads,
      config.layers,
      config.hCycles,
      config.lCycles,
      POSITIONS.indexOf(config.positions),
      config.mlpT,
      config.rmsEps,
      config.ropeTheta,
      Uint32Array.from(tieSizes(config.tie)),
    )
    for (const name of used) {
      const { shape, data } = tensors.get(name)!
      builder.tensor(name, Uint32Array.from(shape), data)
    }
    return builder.build(path === 'scalar', slots, Uint8Array.from(config.answerTokens))
  }

  /**
   * Fills `out` (a latent, row-major [T, d]) with the noise that `step` would add for this request. Throws RangeError for
   * values out of range.
   */
  fillNoise(out: Float32Array, draw: NoiseDraw): void {
    checkDraw(draw)
    const { seed, rollout, step, sigma, target } = draw
    this.#glue.fill_noise(out, ...halves(seed), rollout, step, target === 'zH', sigma)
  }

  /**
   * The unsigned 64-bit key from which `fillNoise` makes a latent's noise, for graphs that make it themselves. Throws
   * RangeError for values out of range.
   */
  noiseKey({ seed, rollout, step, target }: Omit<NoiseDraw, 'sigma'>): bigint {
    checkDraw({ seed, rollout, step, target, sigma: 0 })
    return this.#glue.noise_key(...halves(seed), rollout, step, target === 'zH')
  }

  /** How often the kernel has allocated memory so far. */
  allocations(): number {
    return this.#glue.allocations()
  }
}

function halves(seed: bigint): [low: number, high: number] {
  return [Number(seed & 0xffffffffn), Number((seed >> 32n) & 0xffffffffn)]
}

/** The sizes of a tie in the order of the kernel's builder; none for dense weights. */
function tieSizes(tie: Tie | undefined): number[] {
  if (tie === undefined) return []
  if (tie.name === 'board') return [tie.types, tie.boardUnits, tie.rooms ? 1 : 0]
  const { plane, shared, planeInner, sharedInner, unitHidden, boardHidden } = tie
  return [plane, shared, planeInner, sharedInner, unitHidden, boardHidden]
}

function only(names: Iterable<string>, tensors: Tensors): Tensors {
  return new Map([...names].map((name) => [name, tensors.get(name)!]))
}
