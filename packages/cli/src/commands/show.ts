/** `ptrm show`: puzzles as pictures, in any notation in, in the terminal or as SVG out. Runs no model. */
import type { AnyItem } from '@ptrm/orchestrator'
import { readAnswerOption, readPuzzles, UsageError } from '../input.ts'
import { writeSvg } from '../svg-file.ts'

export interface ShowFlags {
  readonly kind?: string
  readonly answer?: string
  readonly svg?: string
  readonly json?: boolean
  readonly color: boolean
}

type Found = Exclude<AnyItem, { error: unknown }>

/** Exit codes: 0 all shown, 2 some input was unusable. */
export async function show(input: string, flags: ShowFlags): Promise<number> {
  const items: AnyItem[] = []
  for await (const item of readPuzzles(input, { fallback: flags.kind })) items.push(item)
  const found = items.filter((item): item is Found => !('error' in item))
  if (items.length === 0) throw new UsageError('found no puzzle in the input')
  if (flags.answer !== undefined && found.length !== 1)
    throw new UsageError(`--answer goes with one puzzle, the input has ${found.length}`)
  for (const item of items) {
    if ('error' in item) process.stderr.write(`${item.error.message}\n`)
    else showOne(item, flags, found.length > 1 ? found.indexOf(item) + 1 : undefined)
  }
  return found.length === items.length ? 0 : 2
}

function showOne({ kind, puzzle, id, where }: Found, flags: ShowFlags, number: number | undefined): void {
  const answer = flags.answer === undefined ? undefined : readAnswerOption(kind, puzzle, flags.answer)
  const violations = answer === undefined ? kind.contradictions(puzzle) : kind.partial(puzzle, answer)
  const { rows, cols } = kind.size(puzzle)
  if (flags.json) {
    const record = {
      kind: kind.name,
      id,
      where,
      rows,
      cols,
      url: kind.toUrl(puzzle),
      grid: kind.toGrid(puzzle),
    }
    process.stdout.write(`${JSON.stringify(record)}\n`)
  } else {
    const name = id ?? `${where.source}:${where.line}`
    const picture = kind.toText(puzzle, answer, { color: flags.color, violations })
    process.stdout.write(
      `${name}: ${kind.name}, ${rows} rows x ${cols} columns\n${picture}\n${kind.toUrl(puzzle)}\n\n`,
    )
  }
  if (flags.svg !== undefined) writeSvg(flags.svg, number, kind.toSvg(puzzle, answer, { violations }))
}
