/** Puts a plan into a model file as the one its makers recommend; weights and all else stay byte for byte. */
import { listModel } from './model-file.ts'
import type { RecommendedPlan } from './plan-values.ts'
import { listSafetensors } from './safetensors.ts'

const LENGTH_BYTES = 8
const ALIGNMENT = 8

/** A copy of the model file whose metadata recommends `plan`, over what it recommended before. Throws `ModelFormatError`. */
export function withRecommended(bytes: Uint8Array, plan: RecommendedPlan): Uint8Array {
  listModel(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = LENGTH_BYTES + Number(view.getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, end))) as {
    __metadata__: Record<string, string>
  }
  const config = JSON.parse(listSafetensors(bytes).metadata['ptrm']!) as Record<string, unknown>
  config['recommended'] = { ...(config['recommended'] as object | undefined), ...plan }
  header.__metadata__['ptrm'] = JSON.stringify(config)
  const changed = join(header, bytes.subarray(end))
  listModel(changed) // what is written can be read
  return changed
}

function join(header: object, tensors: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header))
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT
  const bytes = new Uint8Array(LENGTH_BYTES + length + tensors.length).fill(0x20, 0, LENGTH_BYTES + length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, LENGTH_BYTES)
  bytes.set(tensors, LENGTH_BYTES + length)
  return bytes
}
