/** The tie of a model as its file says it, and the tensors that hold its free weights. */
import type { Tie, TrmConfig } from './config.ts'
import { ModelFormatError } from './errors.ts'
import { shown } from './plan-values.ts'

type Shape = readonly number[]

/** Sizes of each tie: as `Tie` names them, and as the file does. */
const SIZES = {
  units: {
    plane: 'plane',
    shared: 'shared',
    planeInner: 'plane_inner',
    sharedInner: 'shared_inner',
    unitHidden: 'unit_hidden',
    boardHidden: 'board_hidden',
  },
  board: { types: 'types', boardUnits: 'board_units' },
} as const

/** Channels: the kernel takes them four at a time. */
const QUADS: ReadonlySet<string> = new Set(['plane', 'shared', 'planeInner', 'sharedInner'])
/** Each size's own bound; the work that they make together is bounded by `checkLimits`. */
const MOST = 8_192
/** Planes of channels of the tie `units`, one a digit; rows, columns and boxes have as many cells each. */
export const DIGITS = 9
/** Rows, columns and boxes. */
export const UNITS = 27
/** What a hidden cell of the tie `board` looks at: itself, its eight neighbours and four rays. */
export const TAPS = 13
/** What it looks at besides, with rooms: its four next cells and four rays as far as its room goes, and the room. */
export const ROOM_TAPS = 9
/** The tensor of borders [vocab, 4], which a tie with rooms has: 1 where a token says one at the right, below, at the left, above. */
export const BORDERS = 'borders'

/** The tie `board`. */
export type BoardTie = Tie & { readonly name: 'board' }

/** Weights of one of its kernels. */
export function tapsOf({ rooms }: BoardTie): number {
  return rooms ? TAPS + ROOM_TAPS : TAPS
}

/** Whether the tie is one whose mix depends on the rooms of the puzzle. */
export function knowsRooms(tie: Tie | undefined): boolean {
  return tie?.name === 'board' && tie.rooms === true
}

/** Reads the field `tie` of a config. Throws `ModelFormatError` (`config`) for a tie that this build does not know. */
export function tieOf(raw: unknown): Tie {
  const { name } = (raw ?? {}) as { readonly name?: unknown }
  if (name !== 'units' && name !== 'board')
    throw wrong('tie.name', name, `${Object.keys(SIZES).join(' or ')}, the ties that this build reads`)
  const sizes: Record<string, unknown> = { name }
  for (const [field, named] of Object.entries(SIZES[name])) {
    const size = (raw as Record<string, unknown>)[named]
    const step = QUADS.has(field) ? 4 : 1
    if (!Number.isInteger(size) || (size as number) < 1 || (size as number) > MOST || (size as number) % step)
      throw wrong(`tie.${named}`, size, `${step === 1 ? 'an integer' : 'a multiple of 4'} from 1 to ${MOST}`)
    sizes[field] = size
  }
  if (name === 'board' && hasRooms(raw as Record<string, unknown>)) sizes['rooms'] = true
  return sizes as unknown as Tie
}

function hasRooms({ rooms = false }: Record<string, unknown>): boolean {
  if (typeof rooms === 'boolean') return rooms
  throw wrong('tie.rooms', rooms, 'true or false')
}

/** The field `tie` of a config, as `tieOf` reads it. */
export function tieToJson(tie: Tie): Record<string, unknown> {
  const sizes = Object.entries(SIZES[tie.name])
  const values = tie as unknown as Readonly<Record<string, unknown>>
  const named = Object.fromEntries(sizes.map(([field, name]) => [name, values[field]]))
  return { name: tie.name, ...named, ...(knowsRooms(tie) && { rooms: true }) }
}

/** Throws `ModelFormatError` (`config`) for a field that does not go with the config's tie. */
export function checkTie({ tie, hiddenSize, seqLen, prefix, mlpT, positions }: TrmConfig): void {
  if (!tie) return
  if (!mlpT) throw wrong('mlp_t', mlpT, 'true: tied models have no attention')
  if (positions !== 'none') throw wrong('pos_encodings', positions, 'none: tied models have no attention')
  if (tie.name === 'board') {
    if (prefix < 1) throw wrong('puzzle_emb_len', prefix, 'at least 1: the tie board has rows in front of it')
    if (seqLen !== undefined) throw wrong('seq_len', seqLen, 'none: the tie board takes boards of any size')
    return
  }
  const channels = DIGITS * tie.plane + tie.shared
  if (hiddenSize !== channels)
    throw wrong('hidden_size', hiddenSize, `9 tie.plane + tie.shared = ${channels}`)
  if (seqLen !== DIGITS * DIGITS) throw wrong('seq_len', seqLen, '81: the tie units is of 9x9 boards')
  if (prefix !== 1)
    throw wrong('puzzle_emb_len', prefix, '1: the tie units has one row in front of the board')
}

/** Name and shape of the tensors of a layer that the tie replaces; the rest of a layer is as in a dense model. */
export function tiedTensors(tie: Tie, prefix: number, at: string): [name: string, shape: Shape][] {
  return tie.name === 'units' ? unitTensors(tie, at) : boardTensors(tie, prefix, at)
}

function unitTensors(tie: Tie & { readonly name: 'units' }, at: string): [string, Shape][] {
  const { plane, shared, planeInner, sharedInner, unitHidden: c, boardHidden: g } = tie
  const named = (folder: string, shapes: Readonly<Record<string, Shape>>) =>
    Object.entries(shapes).map(([name, shape]): [string, Shape] => [`${at}.${folder}.${name}`, shape])
  // From (planes, shared channels) to (planes, shared channels), commuting with the digits.
  const linear = (m: number, s: number, p: number, r: number) => ({
    ...{ A: [p, m], B: [p, m], C: [p, s], E: [r, m], D: [r, s] },
  })
  const inwards = linear(plane, shared, planeInner, sharedInner)
  return [
    ...named('units', {
      ...{ unit_in: [2, 2, c], all_in: [2, 2, c], prefix_in: [2, 2, c], global_in: [2, g] },
      ...{ global_prefix_in: [2, g], unit_out: [2, c], all_out: [2, c], prefix_out: [2, c] },
      ...{ global_out: [g], global_prefix_out: [g] },
    }),
    ...named('planes.gate', inwards),
    ...named('planes.up', inwards),
    ...named('planes.down', linear(planeInner, sharedInner, plane, shared)),
  ]
}

function boardTensors(tie: BoardTie, prefix: number, at: string): [string, Shape][] {
  const { types, boardUnits } = tie
  return Object.entries({
    kernels: [3, types, tapsOf(tie)],
    prefix_in: [2 * types, prefix],
    prefix_out: [prefix, types],
    board_in: [2 * boardUnits],
    board_prefix_in: [2 * boardUnits, prefix],
    board_out: [boardUnits],
    board_prefix_out: [prefix, boardUnits],
  }).map(([name, shape]) => [`${at}.board.${name}`, shape])
}

function wrong(field: string, found: unknown, wanted: string): ModelFormatError {
  const message = `config field ${field}: found ${shown(found)}, wanted ${wanted}`
  return new ModelFormatError('config', message, { tensor: field })
}
