/** Every reader that is fuzzed. Loading it loads all of them, so coverage must have been started before. */
import type { Target } from '../target.ts'
import { checkpointFile, configFile, pickleFile } from './checkpoints.ts'
import { modelFile, modelHeader } from './models.ts'
import { answers, puzzles } from './puzzles.ts'
import { runFolder } from './runs.ts'

export const targets: readonly Target[] = [
  ...[puzzles, answers, modelFile, modelHeader, checkpointFile, pickleFile, configFile, runFolder],
]
