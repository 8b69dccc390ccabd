/** Files of free weights: what is read of them, and by which name a wrong one is refused. */
import { describe, expect, it } from 'vitest'
import { TIES, type TieName, tiedFixture } from '../test/tied.ts'
import { type TinyOptions, tinyModel, tinyTiedModel } from '../test/tiny-model.ts'
import type { Tie } from './config.ts'
import { stepCost } from './cost.ts'
import { configToJson, listModel, readModel } from './model-file.ts'
import { withRecommended } from './recommend.ts'
import { trimModel } from './trim.ts'

const refusal = (file: Uint8Array): unknown => {
  try {
    readModel(file)
  } catch (error) {
    return error
  }
  return undefined
}

describe.each(TIES)('a file tied by %s', (name) => {
  const { file, model } = tiedFixture(name)

  it('is read with its tie and its sizes', () => {
    const sizes: Record<TieName, Tie> = {
      units: {
        ...{ name: 'units', plane: 4, shared: 8, planeInner: 12, sharedInner: 8 },
        ...{ unitHidden: 2, boardHidden: 3 },
      },
      board: { name: 'board', types: 3, boardUnits: 2 },
      rooms: { name: 'board', types: 3, boardUnits: 2, rooms: true },
    }
    expect(model.config.tie).toStrictEqual(sizes[name])
    expect(model.config.seqLen).toBe(name === 'units' ? 81 : undefined)
    expect(model.config.leastBoard).toBeUndefined()
  })

  it('tells its config as it is read', () => {
    const leastBoard = { rows: 9, columns: 9 }
    for (const config of [model.config, { ...model.config, leastBoard }]) {
      const json = JSON.parse(JSON.stringify(configToJson({ ...model, config })))
      expect(json.format).toBe('ptrm-model/2')
      const changed = name === 'units' ? { hidden_size: 44 } : { hidden_size: 12 }
      expect(json).toMatchObject(changed)
      const again = tinyTiedModel(name, {
        config: { ...json, seq_len: json.seq_len },
        shapes: shapesIn(file),
      })
      expect(readModel(again).config).toEqual(config)
    }
  })

  it('is trimmed and given a plan as other files are', () => {
    expect(trimModel(file)).toBe(file)
    const planned = readModel(withRecommended(file, { sigma: 0.7 }))
    expect(planned).toEqual({ ...model, recommended: { ...model.recommended, sigma: 0.7 } })
  })
})

/** Shapes of a model file, so that a tiny one can take them over. */
function shapesIn(file: Uint8Array): Record<string, readonly number[]> {
  return Object.fromEntries([...listModel(file).entries].map(([name, { shape }]) => [name, shape]))
}

describe('a format, a tie or a board that this build does not read', () => {
  const plain = { types: 2, board_units: 3 }
  it.each<[field: string, wanted: RegExp, file: Uint8Array]>([
    [
      'format',
      /found "ptrm-model\/3", wanted ptrm-model\/1 or ptrm-model\/2/,
      tinyModel({ config: { format: 'ptrm-model/3' } }),
    ],
    ['format', /found 2, wanted/, tinyTiedModel('board', { config: { format: 2 } })],
    ['tie', /none in ptrm-model\/1/, tinyTiedModel('board', { config: { format: undefined } })],
    ['tie.name', /found undefined, wanted units or board/, tinyModel({ config: { format: 'ptrm-model/2' } })],
    [
      'tie.name',
      /found "rings", wanted units or board/,
      tinyTiedModel('board', { config: { tie: { ...plain, name: 'rings' } } }),
    ],
    ['tie.name', /wanted units or board/, tinyTiedModel('board', { config: { tie: 'board' } })],
    [
      'tie.types',
      /found 0, wanted an integer from 1 to 8192/,
      tinyTiedModel('board', { config: { tie: { ...plain, name: 'board', types: 0 } } }),
    ],
    [
      'tie.board_units',
      /found 2\.5/,
      tinyTiedModel('board', { config: { tie: { ...plain, name: 'board', board_units: 2.5 } } }),
    ],
    ['tie.plane', /found undefined/, tinyTiedModel('units', { config: { tie: { name: 'units' } } })],
    [
      'tie.plane',
      /found 3, wanted a multiple of 4 from 1 to 8192/,
      tinyTiedModel('units', { config: { tie: { name: 'units', plane: 3 } } }),
    ],
    [
      'tie.rooms',
      /found "yes", wanted true or false/,
      tinyTiedModel('board', { config: { tie: { ...plain, name: 'board', rooms: 'yes' } } }),
    ],
    ['mlp_t', /no attention/, tinyTiedModel('board', { config: { mlp_t: false } })],
    ['pos_encodings', /no attention/, tinyTiedModel('board', { config: { pos_encodings: 'rope' } })],
    ['seq_len', /found 100, wanted none/, tinyTiedModel('board', { config: { seq_len: 100 } })],
    ['seq_len', /found 64, wanted 81/, tinyTiedModel('units', { config: { seq_len: 64 } })],
    ['puzzle_emb_len', /found 2, wanted 1/, tinyTiedModel('units', { config: { puzzle_emb_len: 2 } })],
    [
      'puzzle_emb_len',
      /found 0, wanted at least 1/,
      tinyTiedModel('board', { config: { puzzle_emb_len: 0 } }),
    ],
    [
      'hidden_size',
      /found 8, wanted 9 tie\.plane \+ tie\.shared = 44/,
      tinyTiedModel('units', { config: { hidden_size: 8 } }),
    ],
    [
      'least_board',
      /found \[10\], wanted a list of rows and columns/,
      tinyTiedModel('board', { config: { least_board: [10] } }),
    ],
    ['least_board', /found \[0,9\]/, tinyTiedModel('board', { config: { least_board: [0, 9] } })],
    ['least_board', /found "10x10"/, tinyTiedModel('board', { config: { least_board: '10x10' } })],
    ['least_board', /found \[1,2,3\]/, tinyTiedModel('board', { config: { least_board: [1, 2, 3] } })],
    [
      'least_board',
      /found 1000x1000, wanted at most 16384 cells/,
      tinyTiedModel('board', { config: { least_board: [1000, 1000] } }),
    ],
    ['least_board', /found 9x10, wanted the 81 cells/, tinyModel({ config: { least_board: [9, 10] } })],
  ])('is refused by its field %s: %s', (field, message, file) => {
    const error = refusal(file)
    expect(error).toMatchObject({ name: 'ModelFormatError', code: 'config', tensor: field })
    expect((error as Error).message).toMatch(message)
  })
})

describe('a free weight', () => {
  const kernels = 'L_level.layers.0.board.kernels'
  const planes = 'L_level.layers.0.planes.down.E'
  const units = 'L_level.layers.0.units.global_out'
  it.each<[what: string, tie: TieName, wanted: object, options: TinyOptions]>([
    ['missing', 'board', { code: 'missing-tensor', tensor: kernels }, { shapes: { [kernels]: undefined } }],
    [
      'of another shape',
      'board',
      { code: 'wrong-shape', tensor: kernels, wanted: [3, 2, 13], found: [3, 2, 9] },
      { shapes: { [kernels]: [3, 2, 9] } },
    ],
    [
      'of a tie of other sizes',
      'board',
      { code: 'wrong-shape', tensor: kernels, wanted: [3, 5, 13], found: [3, 2, 13] },
      { config: { tie: { name: 'board', types: 5, board_units: 3 } } },
    ],
    [
      'of a tie without rooms',
      'rooms',
      { code: 'wrong-shape', tensor: kernels, wanted: [3, 2, 22], found: [3, 2, 13] },
      { shapes: { [kernels]: [3, 2, 13] } },
    ],
    [
      'of borders, missing',
      'rooms',
      { code: 'missing-tensor', tensor: 'borders' },
      { shapes: { borders: undefined } },
    ],
    [
      'of borders, of another shape',
      'rooms',
      { code: 'wrong-shape', tensor: 'borders', wanted: [10, 4], found: [4, 10] },
      { shapes: { borders: [4, 10] } },
    ],
    [
      'turned around',
      'units',
      { code: 'wrong-shape', tensor: planes, wanted: [8, 8], found: [8, 4] },
      { shapes: { [planes]: [8, 4] } },
    ],
    [
      'with too many axes',
      'units',
      { code: 'wrong-shape', tensor: units, wanted: [1], found: [1, 1] },
      { shapes: { [units]: [1, 1] } },
    ],
    [
      'of another type',
      'units',
      { code: 'unsupported-dtype', tensor: units },
      { dtypes: { [units]: 'I64' } },
    ],
  ])('%s is refused by name', (_, tie, wanted, options) => {
    expect(refusal(tinyTiedModel(tie, options))).toMatchObject({ name: 'ModelFormatError', ...wanted })
  })

  it('is none of a dense model, nor a dense one of a tied model', () => {
    expect(refusal(tinyTiedModel('board'))).toBeUndefined()
    expect(refusal(tinyTiedModel('units'))).toBeUndefined()
    expect(refusal(tinyTiedModel('rooms'))).toBeUndefined()
    expect(
      refusal(tinyTiedModel('board', { config: { format: 'ptrm-model/1', tie: undefined, seq_len: 81 } })),
    ).toMatchObject({
      code: 'missing-tensor',
      tensor: 'L_level.layers.0.mlp_t.gate_up_proj.weight',
    })
  })
})

describe('a tied model that asks for too much', () => {
  it('is judged by the largest board there is', () => {
    const inner = (width: number) => ({
      config: { hidden_size: 512, H_cycles: 20, L_cycles: 19 },
      inner: width,
    })
    expect(refusal(tinyTiedModel('board', inner(2)))).toBeUndefined()
    const error = refusal(tinyTiedModel('board', inner(64)))
    expect(error).toMatchObject({ name: 'ModelFormatError', code: 'too-large' })
    expect((error as Error).message).toMatch(/a step takes 1\.\de\+12 operations/)
  })
})

describe('the operations of a tied step', () => {
  it('are those of its free weights, on the board at hand', () => {
    const { config, tensors } = readModel(tinyTiedModel('board', { config: { L_cycles: 2 } }))
    const [d, types, prefix, units, inner, cells] = [8, 2, 2, 3, 2, 12]
    const local = cells * d * (types * 3 * 13 * 2 + 2 * 4 * 2)
    const rest = 3 * 2 * types * prefix * d + 2 * cells * d + 3 * 2 * units * (1 + prefix) * d
    const channels = (prefix + cells) * 3 * 2 * d * inner
    const heads = 2 * cells * d * config.vocabSize
    expect(stepCost({ config, tensors }, cells)).toEqual({
      netCalls: 3,
      flops: 3 * (local + rest + channels) + heads,
    })
  })

  it('with rooms are nine taps more, and the sums of rooms', () => {
    const [roomy, plain] = (['rooms', 'board'] as const).map((tie) => {
      const { config, tensors } = readModel(tinyTiedModel(tie, { config: { L_cycles: 2 } }))
      return stepCost({ config, tensors }, 12).flops
    }) as [number, number]
    const [d, types, cells] = [8, 2, 12]
    expect(roomy - plain).toBe(3 * (types * 3 * 9 * 2 * cells * d + 2 * (4 * 2 + 1) * cells * d))
  })

  it('of Sudoku are far fewer than those of the dense model', () => {
    const { config, tensors } = readModel(tinyTiedModel('units', { config: { L_cycles: 2 } }))
    const [d, plane, shared, planeInner, sharedInner] = [44, 4, 8, 8, 12]
    const token = 2 * 27 * 9 * d + 27 * 2 * d * 3 * 3 * 2 + 1 * d * 3 * 2 * 2
    const channels = 82 * 3 * 2 * (9 * plane * planeInner + (plane + shared) * (planeInner + sharedInner))
    const heads = 2 * 81 * d * config.vocabSize
    expect(stepCost({ config, tensors }).flops).toBe(3 * (token + channels) + heads)
  })
})
