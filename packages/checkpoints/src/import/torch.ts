/** Reads `torch.save` files: the pickle's allow-list, storages, and tensors as weights that stay in the file until read. */
import { CheckpointError } from './errors.ts'
import { type PickleGlobal, type PickleValue, readPickle } from './pickle.ts'
import {
  DTYPE_BYTES,
  type Dtype,
  elementCount,
  gather,
  isContiguous,
  type Layout,
  swapBytes,
  type Weight,
} from './weight.ts'
import { checkEntry, listZip, type ZipEntry } from './zip.ts'

const STORAGES: Readonly<Record<string, Dtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
}

/** What torch's dtypes are pickled as; named in wrappers beside the weights, never called. */
const INERT = [
  'float64',
  'float32',
  'float16',
  'bfloat16',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'bool',
]

/** A storage as a persistent id names it. */
class Storage {
  readonly dtype: Dtype
  readonly key: string
  readonly count: number

  constructor(dtype: Dtype, key: string, count: number) {
    this.dtype = dtype
    this.key = key
    this.count = count
  }
}

/** A tensor of the pickle, checked against its storage. */
export class TorchTensor implements Weight {
  readonly #storage: Storage
  readonly #layout: Layout
  readonly #archive: Archive

  constructor(archive: Archive, storage: Storage, layout: Layout) {
    this.#archive = archive
    this.#storage = storage
    this.#layout = layout
  }

  get dtype(): Dtype {
    return this.#storage.dtype
  }

  get shape(): readonly number[] {
    return this.#layout.shape
  }

  read(): Uint8Array {
    const { offset, shape } = this.#layout
    const width = DTYPE_BYTES[this.dtype]
    const storage = this.#archive.storage(this.#storage)
    const bytes = isContiguous(this.#layout)
      ? storage.subarray(offset * width, (offset + elementCount(shape)) * width)
      : gather(storage, this.#layout, width)
    return this.#archive.bigEndian ? swapBytes(bytes, width) : bytes
  }
}

/** The object that was saved, tensors as `TorchTensor`. Throws `CheckpointError`. */
export function readTorch(file: Uint8Array): PickleValue {
  const archive = new Archive(file)
  return readPickle(archive.pickle, {
    globals: allowList(archive),
    persistent: readStorageId,
  })
}

/** The zip's entries under the names that torch gives them. */
class Archive {
  readonly pickle: Uint8Array
  readonly bigEndian: boolean
  readonly #entries: ReadonlyMap<string, ZipEntry>
  readonly #folder: string
  readonly #checked = new Set<string>()

  constructor(file: Uint8Array) {
    this.#entries = listZip(file)
    const pickles = [...this.#entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name))
    if (pickles.length !== 1)
      throw new CheckpointError('no-model', `the zip has ${pickles.length} data.pkl; torch.save writes one`)
    this.#folder = pickles[0]!.slice(0, -'data.pkl'.length)
    if (this.#entries.has(`${this.#folder}constants.pkl`))
      throw new CheckpointError(
        'unsupported',
        'this is a TorchScript program, not a checkpoint: save the weights alone: torch.save(module.state_dict(), FILE)',
      )
    this.pickle = this.#entry('data.pkl')
    this.bigEndian = this.#readByteOrder() === 'big'
  }

  /** A storage's bytes. */
  storage({ key, count, dtype }: Storage): Uint8Array {
    const bytes = this.#entry(`data/${key}`)
    if (bytes.length < count * DTYPE_BYTES[dtype])
      throw new CheckpointError(
        'malformed',
        `storage ${key} has ${bytes.length} bytes; ${count} elements of ${dtype} take ${count * DTYPE_BYTES[dtype]}`,
      )
    return bytes
  }

  #readByteOrder(): string {
    if (!this.#entries.has(`${this.#folder}byteorder`)) return 'little' // torch < 2.1 wrote none
    const order = new TextDecoder().decode(this.#entry('byteorder').subarray(0, 16))
    if (order === 'little' || order === 'big') return order
    throw new CheckpointError('unsupported', `the checkpoint's byte order is ${JSON.stringify(order)}`)
  }

  #entry(name: string): Uint8Array {
    const path = this.#folder + name
    const entry = this.#entries.get(path)
    if (!entry) throw new CheckpointError('malformed', `the archive lacks ${JSON.stringify(path)}`)
    if (!this.#checked.has(path)) checkEntry(path, entry)
    this.#checked.add(path)
    return entry.bytes
  }
}

function allowList(archive: Archive): ReadonlyMap<string, PickleGlobal> {
  const globals: PickleGlobal[] = [
    { path: 'collections.OrderedDict', call: (args) => newDict(args) },
    { path: 'torch.Size', call: ([sizes]) => sizes ?? [] },
    { path: 'torch._utils._rebuild_tensor_v2', call: (args) => newTensor(archive, args) },
    { path: 'torch._utils._rebuild_parameter', call: (args) => tensorOf(args) },
    { path: 'torch._utils._rebuild_parameter_with_state', call: (args) => tensorOf(args) },
    ...Object.keys(STORAGES).map((name) => ({ path: `torch.${name}` })),
    ...INERT.map((name) => ({ path: `torch.${name}` })),
  ]
  return new Map(globals.map((global) => [global.path, global]))
}

function newDict(args: readonly PickleValue[]): PickleValue {
  if (args.length > 0) throw wrong('an OrderedDict made from a list')
  return new Map()
}

function tensorOf([tensor]: readonly PickleValue[]): PickleValue {
  if (tensor instanceof TorchTensor) return tensor
  throw wrong('a Parameter around what is no tensor')
}

/** `('storage', class, key, location, element count)`. */
function readStorageId(id: PickleValue): PickleValue {
  const [tag, type, key, , count] = Array.isArray(id) ? id : []
  const { path } = (type ?? {}) as Partial<PickleGlobal>
  const dtype = typeof path === 'string' && path.startsWith('torch.') ? STORAGES[path.slice(6)] : undefined
  if (tag !== 'storage' || !dtype || typeof key !== 'string' || !isSize(count))
    throw wrong('a persistent id that names no storage')
  return new Storage(dtype, key, count)
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks, metadata)`. */
function newTensor(
  archive: Archive,
  [storage, offset, shape, stride, , , metadata]: readonly PickleValue[],
): TorchTensor {
  if (!(storage instanceof Storage)) throw wrong('a tensor without a storage')
  // Views that torch negates where they are read: their storage alone would give weights of the wrong sign.
  if (metadata instanceof Map ? metadata.size > 0 : metadata !== undefined && metadata !== null)
    throw new CheckpointError(
      'unsupported',
      `the checkpoint has a tensor in storage ${storage.key} whose values are not those that are stored, such as a view that torch negates: save tensor.resolve_conj().resolve_neg() in its place`,
    )
  if (!isSize(offset) || !isSizes(shape) || !isSizes(stride) || shape.length !== stride.length)
    throw wrong(`a tensor in storage ${storage.key} whose offset, size or stride is none`)
  const count = elementCount(shape)
  const last = shape.reduce((at, size, axis) => at + (size - 1) * stride[axis]!, offset)
  // An expanded tensor (stride 0) says little in many elements; refusing it bounds what a small file can ask for.
  if (count > storage.count || (count > 0 && last >= storage.count))
    throw wrong(
      `a tensor of size [${shape}] and stride [${stride}] at ${offset}, outside its storage of ${storage.count}`,
    )
  return new TorchTensor(archive, storage, { offset, shape: [...shape], stride: [...stride] })
}

function isSize(value: PickleValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isSizes(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.length <= 8 && value.every(isSize)
}

function wrong(what: string): CheckpointError {
  return new CheckpointError('malformed', `the checkpoint's pickle holds ${what}`)
}
