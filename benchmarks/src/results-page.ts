/** docs/results.md from the results of `ptrm eval`: what each bundled model reaches, beside what the paper's models do. */
import {
  differenceText,
  type Group,
  markdownTable,
  percent,
  planText,
  type Replay,
  type Results,
  SELECTION_TITLES,
  widthRows,
  withInterval,
} from '@ptrm/eval'
import { type PeopleRecord, peopleText } from './people.ts'
import { type SizeRecord, sizesText } from './sizes.ts'

/** The paper's table (arXiv 2605.19943), in percent; a dash where it gives none. */
const PAPER = [
  ['Sudoku-Extreme', 'TRM-MLP 5M, K=100, D=64, sigma 0.3', '87.28', '99.06', '98.75', '-'],
  ['PPBench golden', 'TRM-Att 7M, K=100, D=16, sigma 0.2', '62.6', '-', '89.8', '-'],
  ['PPBench validation', 'TRM-Att 7M, K=100', '76.4', '-', '89.5', '-'],
  ['Maze-Hard 30x30', 'TRM-Att 7M, K=100, D=16, sigma 1.0', '83.8', '95.63', '85.17', '86.73'],
]

const HEAD = ['data', 'model and plan', 'K=1', 'pass@K', 'best-Q@K', 'mode@K']

/**
 * The whole page. `unmeasured` names the bundled models that there are no results of; `wholeSets` is the table of whole
 * test sets (`whole-sets.ts`), `sizes` has the records of boards of each size (`sizes.ts`), `people` those of people's puzzles
 * (`people.ts`), if there are any.
 */
export function resultsPage(
  all: readonly Results[],
  unmeasured: readonly string[],
  wholeSets: string,
  sizes: readonly SizeRecord[],
  people: readonly PeopleRecord[],
): string {
  const overview = all.map(({ run, groups }) => {
    const [{ plain, atK }] = groups
    const { solved } = atK.at(-1)!
    const cells = [plain, solved.pass, solved['best-q'], solved.mode].map(percent)
    return [
      `${run.data.name}, ${run.data.puzzles} puzzles`,
      `${run.model.name}, ${planText(run.plan)}`,
      ...cells,
    ]
  })
  return `# Results

This page is made by \`npm run results\`; do not edit it. All figures are boards solved in percent, with Wilson's 95% interval. A board counts as solved when every cell is as in the published solution. The words are those of the [glossary](glossary.md), and [measuring](measuring.md) says how each figure is taken.

${wholeSetsText(wholeSets)}

${people.length > 0 ? `${peopleText(people)}\n\n` : ''}${sizesText(sizes)}

## Every K on part of the sets

The same models by \`ptrm eval\` on a CPU, free weights by the kernel as they were learnt, on fewer puzzles, with every K. K=1 is plain TRM: one rollout without noise. Of smaller K than the run's, mode@K and q-weighted@K are means over 400 drawn subsets, good to half a percent or so; what stop rules cost is a mean over 20 drawn orders, good to some percent; all else is exact ([how](measuring.md)). heyawake-2 was measured on onnxruntime, with the noise from before [decision 23](decisions/0023-noise.md).

${markdownTable([HEAD, ...overview])}
${unmeasured.length > 0 ? `\nBundled, but not measured yet: ${unmeasured.join(', ')}.\n` : ''}
The paper's figures (arXiv 2605.19943), for orientation: other puzzles, and models ten times as large that were trained longer on GPUs.

${markdownTable([HEAD, ...PAPER])}

${all.map(section).join('\n')}`
}

function wholeSetsText(table: string): string {
  return `## Whole test sets

No model was trained or chosen on these puzzles. Boards of pencil kinds are 10x10 and generated. "Plain TRM" is one rollout without noise, 16 steps deep (Sudoku: 64). The other columns are of 64 rollouts by the plan that the model recommends (the forum's hardest: 64 steps). "best-Q" takes the rollout that the model itself believes most and asks no rules. "verified" counts a right answer after any step of any rollout; that is what the rules find, because each of these puzzles has one solution. The goals are what was hoped for, of plain TRM / best-Q / verified; a star marks what is below.

${table}

lightup-3, tapa-5, shakashaka-3 and nurikabe-5: their bundled files, on a CPU; alone by PyTorch on all 500, 64 rollouts by \`ptrm eval\` on 100 of them, as in their sections below. All others: PyTorch, seed 1, on one H100, 8 to 33 s a row, of the bundled runs' weights written out and rounded as dense ones, from before files held free weights (\`training/exports.json\`); the bundled files themselves solve as many alone, within one board in a hundred ([decision 25](decisions/0025-free-weights-in-files.md)). Every figure of PyTorch is a line of \`training/figures.jsonl\`. The command for a row, in the environment that \`npm run test:training\` makes:

\`\`\`sh
cd training
PYTHONPATH=src .venv/bin/python -m ptrm_training.evaluate ../packages/models/weights/tapa-5/model.safetensors --data testsets/tapa-test.jsonl.gz --recommended
\`\`\``
}

function section({ run, groups, stops }: Results): string {
  const { model, data, plan, engine } = run
  const part = data.perSource === null ? '' : `, the first ${data.perSource} of each source`
  return `## ${model.name}

${data.name}${part}: ${data.puzzles} puzzles (SHA-256 of the file ${data.sha256.slice(0, 16)}, of the model ${model.sha256.slice(0, 16)}). ${planText(plan)}, seed ${plan.seed}, engine ${engine.backend}.

${groups.map(groupText).join('\n\n')}

${stopsText(stops, plan.rollouts)}
`
}

function groupText({ group, puzzles, plain, atK, qHead, escapes }: Group): string {
  if (!qHead || !escapes) throw new Error(`${group}: puzzles without solutions say nothing on accuracy`)
  const [auroc, within] = [qHead.auroc, qHead.aurocWithinPuzzles].map((value) => value?.toFixed(3) ?? '-')
  return `### ${group}: ${puzzles} puzzles

Plain TRM ${percent(plain)}. Of the ${escapes.puzzles} puzzles that it fails, ${escapes.escaped} are left by at least one of the rollouts. Q head: AUROC ${auroc}, within puzzles ${within}, calibration error ${qHead.ece.toFixed(3)}.

${markdownTable(widthRows(atK, Object.values(SELECTION_TITLES)))}`
}

function stopsText(stops: readonly Replay[], rollouts: number): string {
  const rows = stops.map((replay) => [
    `\`${replay.stop}\``,
    replay.select === 'verified' ? 'the rules' : 'q',
    percent(replay.solved),
    percent(replay.fixed),
    differenceText(replay),
    Math.round(replay.netCalls),
    withInterval(replay.saving.times, replay.saving.interval),
  ])
  const head = [
    'stop',
    'chosen by',
    'solved',
    `all ${rollouts} run`,
    'difference',
    'net calls',
    'times fewer',
  ]
  return `### Adaptive width

Stop rules against all ${rollouts} rollouts run to their end, over all puzzles; differences in percent points and savings with 95% bootstrap intervals.

${markdownTable([head, ...rows])}`
}
