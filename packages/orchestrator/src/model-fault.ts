/** Why a puzzle is left unsolved for want of a model, in the one wording of command line, service and queue. */
import { bundledModel } from '@ptrm/models'
import { type AnyKind, type Position, PuzzleParseError } from '@ptrm/puzzles'

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
