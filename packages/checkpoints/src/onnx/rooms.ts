/**
 * The token mix that knows rooms as ONNX nodes, on its free weights, for boards of one size: what cells see of one another is
 * found from the tokens inside the graph, as it depends on the puzzle's borders. Reads like the kernel's oracle.
 */
import { BORDERS, fixedLength, type Tensor, type TrmConfig } from '@ptrm/core-wasm'
import { type Graph, refuseTooLarge } from './graph.ts'
import {
  halvedBy,
  type Map1,
  narrowed,
  restored,
  rows,
  scaled,
  tensor,
  transposed,
  vector,
  type Weights,
} from './weights.ts'

/** Each cell of a ray weighs half of the one before. */
const DECAY = 0.5
/** What a cell sees of each cell of its room. */
const ROOM_SHARE = 0.25
/** Where next cells and rays lie: right, below, left, above. */
const WAYS = [
  [0, 1],
  [1, 0],
  [0, -1],
  [-1, 0],
] as const
/** Taps that are the same for every puzzle: a cell and its neighbours, and rays; those that know rooms: next cells, rays, the room. */
const [FIXED, OF_ROOMS] = [9 + WAYS.length, 2 * WAYS.length + 1]

/** So often everything by which hidden units rise is halved in half precision, as in `swiglu` of blocks.ts: rooms add up more. */
const HALVINGS = 10

/** Matrices [L, L] by which rooms are found: a cell with its next ones, these way by way, and those of a row and of a column. */
const SAME = 1 + WAYS.length + 2

/** By how many rows and columns one cell lies behind another. */
type Offset = (down: number, right: number) => number

type Way = readonly [down: number, right: number]
const near = (way: Way): Offset => {
  return (down, right) => (down === way[0] && right === way[1] ? 1 : 0)
}
const ray = (way: Way): Offset => {
  return (down, right) => {
    const along = down * way[0] + right * way[1]
    return along > 0 && down * way[1] === right * way[0] ? DECAY ** (along - 1) : 0
  }
}
/** Itself and the next ones in its row, or in its column. */
const inRow: Offset = (down, right) => (down === 0 && Math.abs(right) <= 1 ? 1 : 0)
const inColumn: Offset = (down, right) => (right === 0 && Math.abs(down) <= 1 ? 1 : 0)
const inRowOrColumn: Offset = (down, right) => Math.max(inRow(down, right), inColumn(down, right))

/** What every cell sees of every other, as two values: by the fixed taps, and by those that know rooms. */
interface Seen {
  /** As the gates look: [13 L, L] and [batch, 9 L, L]. */
  readonly looks: readonly [fixed: string, ofRooms: string]
  /** As what hidden units give comes back: [L, 13 L] and [batch, L, 9 L]. */
  readonly gives: readonly [fixed: string, ofRooms: string]
}

/** Finds the rooms of `tokens` [batch, L], once a run. Returns the mix of a layer, [batch, T, d] to the same, by its name in the file. */
export function roomMixes(outer: Graph, weights: Weights, tokens: string): (at: string) => Map1 {
  const seen = seenOf(outer, weights, tokens)
  return (at: string) => roomMix(outer, `${at}.board`, weights, seen)
}

function seenOf(outer: Graph, { config, tensors, precision }: Weights, tokens: string): Seen {
  const cells = fixedLength(config)
  // Before any is made: matrices [L, L] of large boards are larger than a machine's memory, too.
  refuseTooLarge(cells ** 2 * (4 * (SAME + OF_ROOMS) + 2 * FIXED * (precision === 'float16' ? 2 : 4)))
  const of = (tap: Offset) => matrix(config, tap)
  const same = reachable(outer, openBorders(outer, config, tensor(tensors, BORDERS), tokens), cells - 1)
  // Cells of a row or a column with no border on the way.
  const { rows, columns } = config.leastBoard!
  const unbroken = (name: string, next: Offset, side: number) =>
    reachable(outer, outer.value('Mul', [same, outer.constant(name, of(next))]), side - 1)
  const [across, along] = [unbroken('in_row', inRow, columns), unbroken('in_column', inColumn, rows)]
  const masks = [same, same, same, same, across, along, across, along, same]
  const stack = masks.map((mask) => outer.value('Unsqueeze', [mask, outer.integers([1])]))
  const shares = [...WAYS.map(near), ...WAYS.map(ray), () => ROOM_SHARE].map(of)
  const weighed = outer.value('Mul', [
    outer.value('Concat', stack, { axis: 1 }),
    outer.constant('room_taps', stacked(shares, [OF_ROOMS, cells, cells])),
  ])
  const ofRooms = narrowed(outer, weighed, precision)
  const turned = outer.value('Transpose', [ofRooms], { perm: [0, 2, 1, 3] })
  const around = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => near([down, right])))
  const fixed = [...around, ...WAYS.map(ray)].map(of)
  return {
    looks: [
      outer.constant('taps', stacked(fixed, [FIXED * cells, cells]), precision),
      outer.value('Reshape', [ofRooms, outer.integers([0, OF_ROOMS * cells, cells])]),
    ],
    gives: [
      outer.constant(
        'taps_back',
        transposed(stacked(fixed.map(transposed), [FIXED * cells, cells])),
        precision,
      ),
      outer.value('Reshape', [turned, outer.integers([0, cells, OF_ROOMS * cells])]),
    ],
  }
}

/** [batch, L, L], 1 for a cell itself and for next cells between which neither token says a border. */
function openBorders(outer: Graph, config: TrmConfig, borders: Tensor, tokens: string): string {
  const said = outer.value('Gather', [outer.constant('borders', borders), tokens], { axis: 0 })
  // Of the cell that looks, [batch, L, 1]; of the one that it sees, [batch, 1, L].
  const from = (way: number) => outer.value('Gather', [said, outer.integers([way])], { axis: 2 })
  const to = (way: number) => outer.value('Transpose', [from(way)], { perm: [0, 2, 1] })
  const closed = WAYS.map((way, i) => {
    const either = outer.value('Max', [from(i), to((i + 2) % WAYS.length)])
    return outer.value('Mul', [either, outer.constant(`next_${i}`, matrix(config, near(way)))])
  })
  const next = outer.constant('self_and_next', matrix(config, inRowOrColumn))
  return outer.value('Sub', [next, closed.reduce((sum, each) => outer.value('Add', [sum, each]))])
}

/**
 * [batch, L, L] of single steps between cells, each cell to itself among them: 1 where at most `longest` steps lead, by
 * squaring.
 */
function reachable(outer: Graph, steps: string, longest: number): string {
  const half = outer.constant('half', vector([0.5]))
  let found = steps
  for (let length = 1; length < longest; length *= 2) {
    const ways = outer.value('MatMul', [found, found])
    found = outer.value('Cast', [outer.value('Greater', [ways, half])], { to: 1 })
  }
  return found
}

/** The free weights of a layer's mix as constants, gates apart from up maps; scales by the board's size are in them. */
function constantsOf(outer: Graph, at: string, { config, tensors, precision }: Weights) {
  const root = Math.sqrt(fixedLength(config))
  const halved = halvedBy(HALVINGS, precision)
  const free = (name: string) => tensor(tensors, `${at}.${name}`)
  const put = (name: string, weight: Tensor) => outer.constant(`${at}.${name}`, weight, precision)
  const halves = (name: string, weight: Tensor) => {
    const count = weight.shape[0]! / 2
    return [
      put(`${name}.gate`, rows(weight, 0, count)),
      put(`${name}.up`, scaled(rows(weight, count, 2 * count), 1 / halved)),
    ] as const
  }
  const { shape, data } = free('kernels')
  const [, types, taps] = shape as [number, number, number]
  const kernels = { shape: [3 * types, taps], data }
  return {
    types,
    taps,
    looks: halves('looks', rows(kernels, 0, 2 * types)),
    down: put('down', transposed(rows(kernels, 2 * types, 3 * types))),
    prefixIn: halves('prefix_in', free('prefix_in')),
    prefixOut: put('prefix_out', scaled(free('prefix_out'), 1 / root)),
    boardIn: halves('board_in', column(scaled(free('board_in'), 1 / root))),
    boardPrefixIn: halves('board_prefix_in', free('board_prefix_in')),
    boardOut: put('board_out', transposed(column(free('board_out')))),
    boardPrefixOut: put('board_prefix_out', free('board_prefix_out')),
  }
}

function roomMix(outer: Graph, at: string, weights: Weights, { looks, gives }: Seen): Map1 {
  const { config, precision } = weights
  const { prefix, hiddenSize: d } = config
  const cells = fixedLength(config)
  const free = constantsOf(outer, at, weights)
  const { types, taps } = free
  const halved = halvedBy(HALVINGS, precision)
  const ones = outer.constant('ones', { shape: [1, cells], data: new Float32Array(cells).fill(1) }, precision)
  return (graph, input) => {
    const value = (type: string, ...inputs: readonly string[]) => graph.value(type, inputs)
    const shaped = (of: string, ...shape: readonly number[]) =>
      value('Reshape', of, graph.integers([0, ...shape]))
    const slice = (of: string, from: number, to: number) =>
      value('Slice', of, graph.integers([from]), graph.integers([to]), graph.integers([1]))
    const active = (gate: string, up: string) => value('Mul', value('Mul', gate, value('Sigmoid', gate)), up)
    const h = narrowed(graph, input, precision)
    const [front, board] = [slice(h, 0, prefix), slice(h, prefix, prefix + cells)]
    // What cells see: [batch, taps, L d]; then hidden units of types: [batch, types, L, d].
    const each = looks.map((seen) => value('MatMul', seen, board))
    const seen = shaped(graph.value('Concat', each, { axis: 1 }), taps, cells * d)
    const looked = (half: 0 | 1) => {
      const bias = shaped(value('MatMul', free.prefixIn[half], front), types, 1, d)
      return value('Add', shaped(value('MatMul', free.looks[half], seen), types, cells, d), bias)
    }
    const hidden = active(looked(0), looked(1))
    // Hidden units of the whole board: [batch, units, d].
    const sum = value('MatMul', ones, board)
    const common = (half: 0 | 1) =>
      value('Add', value('Mul', free.boardIn[half], sum), value('MatMul', free.boardPrefixIn[half], front))
    const whole = active(common(0), common(1))
    // What they give: by tap [batch, taps, L d], then to cells and to the prefix.
    const given = value('MatMul', free.down, shaped(hidden, types, cells * d))
    const back = (taken: string, from: number, to: number) =>
      value('MatMul', taken, shaped(slice(given, from, to), (to - from) * cells, d))
    const local = value('Add', back(gives[0], 0, FIXED), back(gives[1], FIXED, taps))
    const toCells = value('Add', local, value('MatMul', free.boardOut, whole))
    const sums = shaped(value('MatMul', ones, hidden), types, d)
    const toPrefix = value(
      'Add',
      value('MatMul', free.prefixOut, sums),
      value('MatMul', free.boardPrefixOut, whole),
    )
    const mixed = graph.value('Concat', [toPrefix, toCells], { axis: 1 })
    return restored(outer, graph, mixed, halved, precision)
  }
}

/** [L, L]: what a cell sees of each other one, by where that lies. */
function matrix({ leastBoard, ...config }: TrmConfig, tap: Offset): Tensor {
  const cells = fixedLength(config)
  const { columns } = leastBoard!
  const data = new Float32Array(cells * cells)
  for (let from = 0; from < cells; from++)
    for (let to = 0; to < cells; to++) {
      const down = Math.floor(to / columns) - Math.floor(from / columns)
      data[from * cells + to] = tap(down, (to % columns) - (from % columns))
    }
  return { shape: [cells, cells], data }
}

/** Matrices one below the other, in the shape given. */
function stacked(matrices: readonly Tensor[], shape: readonly number[]): Tensor {
  const size = matrices[0]!.data.length
  const data = new Float32Array(matrices.length * size)
  for (const [i, each] of matrices.entries()) data.set(each.data, i * size)
  return { shape, data }
}

/** A vector as a matrix of one column. */
function column({ shape, data }: Tensor): Tensor {
  return { shape: [shape[0]!, 1], data }
}
