/** What one core can do at best in 128-bit SIMD: its clock, and the rate of bare loops of multiply-adds as V8 runs them. */

/** A loop in wasm that loads and stores nothing. */
export interface BareLoop {
  readonly name: string
  /** Operations of one `step`. */
  readonly flops: number
  step(): void
}

/** As many as hide the latency of a multiply-add, and no more than there are registers for. */
const CHAINS = 12
const UNROLLED = 8
const LANES = 4
const TURNS = 20_000

/** Multiply-adds that depend on nothing beside their own chain: `relaxed` fused, `simd128` as two instructions. */
export async function multiplyAdds(variant: 'relaxed' | 'simd128'): Promise<BareLoop> {
  const [factor, term] = [CHAINS + 1, CHAINS + 2]
  const fused = (acc: number) => [...get(acc), ...get(factor), ...get(term), ...RELAXED_MADD, ...set(acc)]
  const apart = (acc: number) => [
    ...get(acc),
    ...get(factor),
    ...F32X4_MUL,
    ...get(term),
    ...F32X4_ADD,
    ...set(acc),
  ]
  const chains = Array.from({ length: CHAINS }, (_, i) => i + 1)
  const turn = Array.from({ length: UNROLLED }, () =>
    chains.flatMap(variant === 'relaxed' ? fused : apart),
  ).flat()
  // They stay near 2: neither infinite nor so small that the hardware takes its slow path.
  const start = [...chains.map((i) => [i, 1 + i / 64]), [factor, 0.5], [term, 1]] as [number, number][]
  const run = await compiled({
    type: V128,
    locals: CHAINS + 2,
    start: start.flatMap(([local, value]) => [...f32(value), ...F32X4_SPLAT, ...set(local)]),
    turn,
    result: [...get(1), ...chains.slice(1).flatMap((i) => [...get(i), ...F32X4_ADD]), ...ANY_TRUE],
  })
  const flops = 2 * LANES * CHAINS * UNROLLED * TURNS
  return { name: `bare loop, ${variant}`, flops, step: () => void run(TURNS) }
}

/** Integer operations of which each needs the one before: as many a second as the clock has ticks. */
export async function clockTicks(): Promise<BareLoop> {
  const [value, term] = [1, 2]
  const turn = Array.from({ length: 50 }, () => [
    ...[...get(value), ...get(term), I64_ADD, ...set(value)],
    ...[...get(value), ...get(term), I64_XOR, ...set(value)],
  ]).flat()
  const run = await compiled({
    ...{ type: I64, locals: 2, turn },
    start: [...get(0), I64_EXTEND, ...set(term)],
    result: [...get(value), I32_WRAP],
  })
  return { name: 'clock', flops: 100 * TURNS, step: () => void run(TURNS) }
}

// The binary format: https://webassembly.github.io/spec/core/binary
const [V128, I64, I32] = [0x7b, 0x7e, 0x7f]
const [I64_ADD, I64_XOR, I64_EXTEND, I32_WRAP] = [0x7c, 0x85, 0xac, 0xa7]
const F32X4_SPLAT = [0xfd, 0x13]
const ANY_TRUE = [0xfd, 0x53]
const F32X4_ADD = [0xfd, 0xe4, 0x01]
const F32X4_MUL = [0xfd, 0xe6, 0x01]
const RELAXED_MADD = [0xfd, 0x85, 0x02]
const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const f32 = (value: number) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)]

interface Body {
  /** Of the locals, which follow the number of turns. */
  readonly type: number
  readonly locals: number
  readonly start: readonly number[]
  readonly turn: readonly number[]
  /** Leaves an i32. */
  readonly result: readonly number[]
}

/** `run(turns)`: the start once, the turn so many times, the result. */
async function compiled({ type, locals, start, turn, result }: Body): Promise<(turns: number) => number> {
  const again = [...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0] // turns - 1, kept; while it is not 0, the loop again
  const loop = [0x03, 0x40, ...turn, ...again, 0x0b]
  const code = [1, locals, type, ...start, ...loop, ...result, 0x0b]
  const bytes = Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, I32, 1, I32]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, ...Buffer.from('run'), 0, 0]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ])
  const { instance } = await WebAssembly.instantiate(bytes)
  return instance.exports['run'] as (turns: number) => number
}

const section = (id: number, content: readonly number[]) => [id, ...leb(content.length), ...content]

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
}
