/** What tells one build of the kernel from another, for records of runs. Node only. */
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type KernelVariant, kernelUrl } from '@ptrm/core-wasm'

/** SHA-256 of the kernel's file, hexadecimal: another kernel may compute, or make noise, to other bits. */
export function kernelSha256(variant: KernelVariant): string {
  return hash('sha256', readFileSync(kernelUrl(variant)))
}
