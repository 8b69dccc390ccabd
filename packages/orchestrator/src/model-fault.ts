/** Which bundled model a puzzle goes to, and why it is left unsolved for want of one: the same for command line, page, service and queue. */
import { type BundledModel, bundledModel } from '@ptrm/models'
import { type AnyKind, type Position, PuzzleParseError } from '@ptrm/puzzles'

/** The bundled model for a puzzle: of its kind's the first that takes the board, else the first; undefined where the kind has none. */
export function modelFor({
  kind,
  puzzle,
}: {
  readonly kind: AnyKind
  readonly puzzle: unknown
}): BundledModel | undefined {
  return bundledModel(kind.name, kind.size(puzzle))
}

/** At the puzzle; undefined where the model is for its kind, or without `modelKind`, where there is a bundled one for it. */
export function modelFault(
  { kind, where }: { readonly kind: AnyKind; readonly where: Position },
  modelKind: string | undefined,
): PuzzleParseError | undefined {
  if (modelKind === undefined)
    return bundledModel(kind.name)
      ? undefined
      : new PuzzleParseError(`no bundled model for ${kind.name}; give one with --model`, where)
  if (modelKind === kind.name) return undefined
  return new PuzzleParseError(`a ${kind.name} puzzle, but the model is for ${modelKind}`, where)
}
