/** The readers under damage: a fixed budget of random files. Each either reads or throws one of its named errors. */
import { ModelFormatError, readModel, readSafetensors } from '@ptrm/core-wasm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkpoint, TINY } from '../../test/checkpoints.ts'
import { cpuMs } from '../../test/cpu-time.ts'
import { pickle, torchArchive } from '../../test/torch-file.ts'
import { readConfigFile } from './config-file.ts'
import { CheckpointError, ConfigConflictError, MissingConfigError } from './errors.ts'
import { checkpointTensors, importCheckpoint, readCheckpoint } from './import.ts'
import { inferConfig } from './infer.ts'
import { readTorch } from './torch.ts'

/** Runs a reader. The seed is fixed, so that a failure is the same tomorrow. */
const BUDGET = { seed: 6, numRuns: 2_000 }
/** Milliseconds that no reader of a file of kilobytes may take. */
const PATIENCE = 1_000
const NAMED = [CheckpointError, ModelFormatError, ConfigConflictError, MissingConfigError]

let outcomes: Record<string, number> = {}

function mustEnd(read: () => unknown): void {
  const started = cpuMs()
  let outcome = 'read'
  try {
    read()
  } catch (error) {
    if (!NAMED.some((type) => error instanceof type)) throw error
    outcome = (error as Error).name
  }
  expect(cpuMs() - started).toBeLessThan(PATIENCE)
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
}

/** Changes to a valid file: bytes set, a stretch cut out, a stretch doubled. */
const damage = (file: Uint8Array) => {
  const at = fc.nat(file.length - 1)
  const change = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), at, value: fc.nat(255) }),
    fc.record({ kind: fc.constant('cut' as const), at, length: fc.integer({ min: 1, max: 64 }) }),
    fc.record({ kind: fc.constant('double' as const), at, length: fc.integer({ min: 1, max: 64 }) }),
  )
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    let bytes = file
    for (const one of changes) {
      const [before, after] = [bytes.subarray(0, one.at), bytes.subarray(one.at)]
      if (one.kind === 'set') bytes = bytes.with(Math.min(one.at, bytes.length - 1), one.value)
      else if (one.kind === 'cut') bytes = join(before, after.subarray(one.length))
      else bytes = join(before, after.subarray(0, one.length), after)
    }
    return bytes
  })
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts))
}

function readWhole(file: Uint8Array): void {
  const { weights } = readCheckpoint(file)
  checkpointTensors(inferConfig(weights, TINY), weights)
}

describe('the fuzzed readers', () => {
  it.each(['f32.pt', 'in-ema.pt', 'strided.pt', 'protocol5.pt', 'base.safetensors', 'bf16.safetensors'])(
    '%s, damaged',
    (name) => {
      outcomes = {}
      const file = checkpoint(name)
      // Weights fill most of a file; damage to them alone would test little.
      const headers = fc.oneof(damage(file), damageNear(file))
      fc.assert(
        fc.property(headers, (bytes) => mustEnd(() => readWhole(bytes))),
        BUDGET,
      )
      expect((outcomes['CheckpointError'] ?? 0) + (outcomes['ModelFormatError'] ?? 0)).toBeGreaterThan(100)
    },
  )

  it('a pickle of random opcodes, with the names on the list', () => {
    outcomes = {}
    const opcode = fc.constantFrom(
      ...'.(0124?NKJMXUTBC}])lqrhjtdsuaeRbQc\x80\x81\x85\x86\x87\x88\x89\x8a\x8c\x8f\x90\x93\x94\x95',
      'ctorch._utils\n_rebuild_tensor_v2\n',
      'ctorch\nFloatStorage\n',
      'ccollections\nOrderedDict\n',
      'X\x07\0\0\0storage',
      'K\x01',
      'K\x02',
    )
    fc.assert(
      fc.property(fc.array(opcode, { maxLength: 60 }), (parts) =>
        mustEnd(() => readTorch(torchArchive(pickle(...parts)))),
      ),
      BUDGET,
    )
    expect(outcomes['CheckpointError']).toBeGreaterThan(100)
  })

  it('random bytes, after any of the magic numbers', () => {
    const start = fc.constantFrom('PK\x03\x04', '\x80\x02', '\x20\0\0\0\0\0\0\0{"', '')
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 400 }), (magic, rest) => {
        const bytes = join(Buffer.from(magic, 'latin1'), rest)
        mustEnd(() => readWhole(bytes))
        mustEnd(() => readSafetensors(bytes))
        mustEnd(() => readModel(bytes))
      }),
      BUDGET,
    )
  })

  it('a safetensors header of any JSON', () => {
    outcomes = {}
    const size = fc.oneof(fc.nat(64), fc.integer(), fc.double(), fc.bigInt().map(Number))
    const entry = fc.record({
      dtype: fc.oneof(fc.constantFrom('F32', 'F16', 'BF16', 'F64', 'I32'), fc.string()),
      shape: fc.array(size, { maxLength: 3 }),
      data_offsets: fc.array(size, { maxLength: 3 }),
    })
    const header = fc.dictionary(fc.string(), fc.oneof(entry, fc.jsonValue()), { maxKeys: 4 })
    fc.assert(
      fc.property(fc.oneof(header, fc.jsonValue()), fc.nat(128), (value, rest) => {
        const text = new TextEncoder().encode(JSON.stringify(value))
        const length = new Uint8Array(8)
        new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true)
        mustEnd(() => readSafetensors(join(length, text, new Uint8Array(rest))))
      }),
      BUDGET,
    )
    expect(outcomes['ModelFormatError']).toBeGreaterThan(100)
  })

  it('a config of any JSON or text', () => {
    outcomes = {}
    const fields = [
      'kind', 'vocab_size', 'seq_len', 'puzzle_emb_len', 'hidden_size', 'num_heads', 'L_layers', 'H_cycles',
      'L_cycles', 'pos_encodings', 'mlp_t', 'rms_norm_eps', 'rope_theta', 'answer_tokens', 'halt_max_steps',
      'recommended', 'arch',
    ] // biome-ignore format: a list
    const config = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 3 }))
    const file = checkpoint('f32.pt')
    fc.assert(
      fc.property(
        fc.oneof(
          config.map((value) => JSON.stringify(value)),
          fc.string(),
        ),
        (text) =>
          mustEnd(() => {
            const given = readConfigFile(new TextEncoder().encode(text), 'config')
            importCheckpoint(file, { given: { ...given, kind: 'sudoku' } })
          }),
      ),
      BUDGET,
    )
    expect(outcomes['ConfigConflictError']).toBeGreaterThan(100)
  })
})

/** Damage in the first or last kilobyte, where a file's structure is. */
function damageNear(file: Uint8Array): fc.Arbitrary<Uint8Array> {
  const size = Math.min(1_024, file.length >> 1)
  const [front, back] = [file.subarray(0, size), file.subarray(-size)]
  return fc.oneof(
    damage(front).map((bytes) => join(bytes, file.subarray(size))),
    damage(back).map((bytes) => join(file.subarray(0, -size), bytes)),
  )
}
