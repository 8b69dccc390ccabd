/**
 * Reads the pickle of a PyTorch checkpoint without running anything: a stack machine over plain values.
 *
 * A global is either in the caller's allow-list, which maps it to a function of this project's own, or an error.
 * Unknown opcodes, empty stacks and references to nothing are errors as well. Work and memory are bounded by the
 * pickle's length: each opcode pushes one value.
 */
import { CheckpointError } from './errors.ts'
import { PickleReader } from './pickle-reader.ts'

/** A callable or class of the allow-list. */
export interface PickleGlobal {
  /** `module.name`. */
  readonly path: string
  /** What calling it with these arguments gives; undefined: it may be named but not called. */
  readonly call?: ((args: readonly PickleValue[]) => PickleValue) | undefined
}

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | bigint
  | Uint8Array
  | PickleValue[]
  | PickleMap
  | PickleGlobal
  | object

/** A dict. Keys are as pickled; a Map, so that no key means anything to JavaScript. */
export type PickleMap = Map<PickleValue, PickleValue>

export interface PickleHost {
  readonly globals: ReadonlyMap<string, PickleGlobal>
  /** A persistent id's value; torch's name storages. */
  persistent(id: PickleValue): PickleValue
}

const MAX_PICKLE_BYTES = 32 << 20
const MAX_DEPTH = 1_000

/** Parses one pickle of protocol 2 to 5. Throws `CheckpointError`. */
export function readPickle(bytes: Uint8Array, host: PickleHost): PickleValue {
  if (bytes.length > MAX_PICKLE_BYTES)
    throw new CheckpointError(
      'too-large',
      `the checkpoint's pickle has ${bytes.length} bytes; at most ${MAX_PICKLE_BYTES} are read`,
    )
  return new Machine(bytes, host).run()
}

class Machine {
  readonly #in: PickleReader
  readonly #host: PickleHost
  #stack: PickleValue[] = []
  readonly #marks: PickleValue[][] = []
  readonly #memo = new Map<number, PickleValue>()

  constructor(bytes: Uint8Array, host: PickleHost) {
    this.#in = new PickleReader(bytes)
    this.#host = host
  }

  run(): PickleValue {
    for (;;) {
      const opcode = String.fromCharCode(this.#in.byte())
      if (opcode === '.') return this.#pop()
      const known =
        this.#literal(opcode) || this.#memory(opcode) || this.#container(opcode) || this.#object(opcode)
      if (!known) throw this.#in.fail(`opcode 0x${opcode.charCodeAt(0).toString(16)} is not read`)
    }
  }

  /** Opcodes that push a value spelled in the pickle. */
  #literal(opcode: string): boolean {
    const read = LITERALS[opcode]
    if (read) this.#stack.push(read(this.#in))
    return read !== undefined
  }

  #memory(opcode: string): boolean {
    const input = this.#in
    // biome-ignore format: one opcode a line
    switch (opcode) {
      case '\x80': this.#protocol(); break // PROTO
      case '\x95': input.skip(8); break // FRAME
      case 'q': this.#memo.set(input.byte(), this.#top()); break // BINPUT
      case 'r': this.#memo.set(input.uint32(), this.#top()); break // LONG_BINPUT
      case '\x94': this.#memo.set(this.#memo.size, this.#top()); break // MEMOIZE
      case 'h': this.#stack.push(this.#recall(input.byte())); break // BINGET
      case 'j': this.#stack.push(this.#recall(input.uint32())); break // LONG_BINGET
      case '0': this.#pop(); break // POP
      case '2': this.#stack.push(this.#top()); break // DUP
      case '(': this.#mark(); break // MARK
      case '1': this.#unmark(); break // POP_MARK
      default: return false
    }
    return true
  }

  #container(opcode: string): boolean {
    // biome-ignore format: one opcode a line
    switch (opcode) {
      case '}': this.#stack.push(new Map()); break // EMPTY_DICT
      case ']': this.#stack.push([]); break // EMPTY_LIST
      case ')': this.#stack.push([]); break // EMPTY_TUPLE
      case '\x8f': this.#stack.push([]); break // EMPTY_SET
      case 't': case 'l': this.#push(this.#unmark()); break // TUPLE, LIST
      case '\x85': this.#stack.push(this.#popMany(1)); break // TUPLE1
      case '\x86': this.#stack.push(this.#popMany(2)); break // TUPLE2
      case '\x87': this.#stack.push(this.#popMany(3)); break // TUPLE3
      case 'd': this.#push(this.#setItems(new Map(), this.#unmark())); break // DICT
      case 's': { const pair = this.#popMany(2); this.#setItems(this.#map(), pair); break } // SETITEM
      case 'u': { const items = this.#unmark(); this.#setItems(this.#map(), items); break } // SETITEMS
      case 'a': { const item = this.#pop(); this.#list().push(item); break } // APPEND
      case 'e': case '\x90': { const items = this.#unmark(); this.#extend(this.#list(), items); break } // APPENDS, ADDITEMS
      default: return false
    }
    return true
  }

  /** Globals, and everything that would call one. */
  #object(opcode: string): boolean {
    switch (opcode) {
      case 'c': // GLOBAL
        this.#push(this.#global(this.#in.line(), this.#in.line()))
        return true
      case '\x93': {
        // STACK_GLOBAL
        const [module, name] = this.#popMany(2)
        this.#push(this.#global(module!, name!))
        return true
      }
      case 'R': // REDUCE
      case '\x81': {
        // NEWOBJ
        const [callee, args] = this.#popMany(2)
        this.#push(this.#call(callee, args))
        return true
      }
      case 'b': {
        // BUILD
        // Only OrderedDicts of the allow-list take a state: torch's `_metadata`, which says nothing of the weights.
        this.#pop()
        this.#map()
        return true
      }
      case 'Q': // BINPERSID
        this.#push(this.#host.persistent(this.#pop()))
        return true
      default:
        return false
    }
  }

  #global(module: PickleValue, name: PickleValue): PickleGlobal {
    const path = `${String(module)}.${String(name)}`
    const known = typeof module === 'string' && typeof name === 'string' && this.#host.globals.get(path)
    if (known) return known
    throw new CheckpointError(
      'unsafe',
      `the checkpoint's pickle asks for ${JSON.stringify(path.slice(0, 200))}, which is not on the allow-list; ` +
        'nothing was run. Save the weights alone: torch.save(model.state_dict(), FILE)',
    )
  }

  #call(callee: PickleValue | undefined, args: PickleValue | undefined): PickleValue {
    const { path, call } = (callee ?? {}) as Partial<PickleGlobal>
    if (typeof path !== 'string' || !call || !Array.isArray(args))
      throw new CheckpointError(
        'unsafe',
        `the checkpoint's pickle calls ${path ? JSON.stringify(path) : 'what is no function'}; nothing was run`,
      )
    return call(args)
  }

  #protocol(): void {
    const version = this.#in.byte()
    if (version < 2 || version > 5) throw this.#in.fail(`protocol ${version}; 2 to 5 are read`)
  }

  #mark(): void {
    if (this.#marks.length >= MAX_DEPTH) throw this.#in.fail(`more than ${MAX_DEPTH} marks nested`)
    this.#marks.push(this.#stack)
    this.#stack = []
  }

  #unmark(): PickleValue[] {
    const items = this.#stack
    const below = this.#marks.pop()
    if (!below) throw this.#in.fail('no mark to go back to')
    this.#stack = below
    return items
  }

  #setItems(map: PickleMap, items: readonly PickleValue[]): PickleMap {
    if (items.length % 2 !== 0) throw this.#in.fail('a key without a value')
    for (let i = 0; i < items.length; i += 2) map.set(items[i]!, items[i + 1]!)
    return map
  }

  #extend(list: PickleValue[], items: readonly PickleValue[]): void {
    for (const item of items) list.push(item)
  }

  #map(): PickleMap {
    const map = this.#top()
    if (map instanceof Map) return map
    throw this.#in.fail('items or a state for what is no dict')
  }

  #list(): PickleValue[] {
    const list = this.#top()
    if (Array.isArray(list)) return list
    throw this.#in.fail('items for what is no list')
  }

  #recall(index: number): PickleValue {
    const value = this.#memo.get(index)
    if (value === undefined) throw this.#in.fail(`memo ${index} was never written`)
    return value
  }

  #push(value: PickleValue): void {
    this.#stack.push(value)
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1)
    if (value === undefined) throw this.#in.fail('the stack is empty')
    return value
  }

  #pop(): PickleValue {
    const value = this.#top()
    this.#stack.pop()
    return value
  }

  #popMany(count: number): PickleValue[] {
    if (this.#stack.length < count) throw this.#in.fail('the stack is too short')
    return this.#stack.splice(-count)
  }
}

// biome-ignore format: one opcode a line
const LITERALS: Readonly<Record<string, (input: PickleReader) => PickleValue>> = {
  N: () => null, // NONE
  '\x88': () => true, // NEWTRUE
  '\x89': () => false, // NEWFALSE
  J: (input) => input.int32(), // BININT
  K: (input) => input.byte(), // BININT1
  M: (input) => input.uint16(), // BININT2
  '\x8a': (input) => input.long(input.byte()), // LONG1
  G: (input) => input.float64(), // BINFLOAT
  X: (input) => input.text(input.uint32()), // BINUNICODE
  '\x8c': (input) => input.text(input.byte()), // SHORT_BINUNICODE
  T: (input) => input.text(input.uint32()), // BINSTRING
  U: (input) => input.text(input.byte()), // SHORT_BINSTRING
  B: (input) => input.bytes(input.uint32()), // BINBYTES
  C: (input) => input.bytes(input.byte()), // SHORT_BINBYTES
}
