/** The kernel from a .wasm file that the program has already: imported as a module, as bytes, or as a server's answer. */
import type { KernelVariant } from './config.ts'
import { KernelUnavailableError } from './errors.ts'
import type { KernelSource } from './kernel.ts'
import { shown } from './plan-values.ts'

/** A .wasm file of the kernel: as the runtime imported it (workerd gives a module), its bytes, or a server's answer. */
export type WasmSource = WebAssembly.Module | BufferSource | Response | PromiseLike<Response>

/** For workerd, which compiles what it is deployed with and nothing else. */
const MODULE_REMEDY =
  '; this runtime compiles no bytes: import the .wasm file as a module (docs/embedding.md)'

/**
 * Compiles the file as far as it is not, and fetches nothing. `variant` says which build it is, and is believed. Throws
 * `KernelUnavailableError`.
 */
export async function kernelFrom(variant: KernelVariant, source: WasmSource): Promise<KernelSource> {
  try {
    const file: unknown = await source
    const module = isModule(file) ? file : await WebAssembly.compile(await bytesOf(file))
    // Any name of the kernel's own; another program would fail later, by a name that says nothing.
    if (!WebAssembly.Module.exports(module).some(({ name }) => name === 'noise_key'))
      throw new TypeError('found a module of WebAssembly that is not the kernel')
    return { variant, module }
  } catch (cause) {
    const remedy = /disallowed by embedder/i.test(String(cause)) ? MODULE_REMEDY : ''
    throw new KernelUnavailableError(`can't take the ${variant} kernel: ${String(cause)}${remedy}`, { cause })
  }
}

/** By its tag, as the module may be of another realm. */
function isModule(file: unknown): file is WebAssembly.Module {
  return Object.prototype.toString.call(file) === '[object WebAssembly.Module]'
}

async function bytesOf(file: unknown): Promise<BufferSource> {
  if (file instanceof ArrayBuffer || ArrayBuffer.isView(file)) return file as BufferSource
  if (!(file instanceof Response)) {
    const hint = typeof file === 'string' || file instanceof URL ? '; an address is for wasmUrl' : ''
    throw new TypeError(`found ${shown(file)}, wanted a WebAssembly.Module, bytes or a Response${hint}`)
  }
  if (!file.ok) throw new Error(`HTTP ${file.status}`)
  return file.arrayBuffer()
}
