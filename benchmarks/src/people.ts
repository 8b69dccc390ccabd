/** Puzzles that people made, which are nobody's to publish: records of the figures alone, and their table in docs/results.md. */
import { type Estimate, markdownTable, percent, type Results } from '@ptrm/eval'
import { kindNamed } from '@ptrm/puzzles'
import type { Machine } from './machine.ts'
import { depths, SIZED_KINDS } from './sizes.ts'

/** Ranges of the longer side. */
export const CLASSES = ['1-10', '11-17'] as const
export type Class = (typeof CLASSES)[number]

/** Whether a board with this longer side is of a class. */
export function isOfClass(side: number, sides: Class): boolean {
  const [shortest, longest] = sides.split('-').map(Number) as [number, number]
  return side >= shortest && side <= longest
}

/** How many boards of a class are run of each source; null: all. Larger boards take several times as long. */
export const PER_SOURCE: Readonly<Record<Class, number | null>> = { '1-10': null, '11-17': 60 }

/** Rollouts of each board: 64 of those up to 10 a side, 16 of larger ones, which take several times as long a step. */
export function widthOf(sides: Class): number {
  return sides === '1-10' ? 64 : 16
}

/** A line of docs/results/people.jsonl: a kind's model on the boards of one class and source. */
export interface PeopleRecord {
  readonly kind: string
  readonly sides: Class
  /** `all`, or a source as the file names it. */
  readonly source: string
  readonly plain: Estimate
  readonly bestQ: Estimate
  readonly pass: Estimate
  readonly verified: Estimate
  readonly run: Results['run']
  readonly machine: Pick<Machine, 'cpu' | 'cores' | 'node'>
}

/** What `ptrm eval` found, as a record a source. Throws where it judged by no solutions, or not at the plan's own K. */
export function peopleRecords(
  { run, groups }: Results,
  sides: Class,
  { cpu, cores, node }: PeopleRecord['machine'],
): PeopleRecord[] {
  return groups.map(({ group: source, plain, atK }) => {
    const wide = atK.find(({ k }) => k === run.plan.rollouts)?.solved
    if (!plain || !wide?.pass || !wide['best-q'] || !wide.verified)
      throw new Error(`${run.data.name}, ${source}: no figures of plain TRM and of K=${run.plan.rollouts}`)
    const figures = { plain, bestQ: wide['best-q'], pass: wide.pass, verified: wide.verified }
    return { kind: run.model.kind, sides, source, ...figures, run, machine: { cpu, cores, node } }
  })
}

/** The lines of docs/results/people.jsonl. */
export function readPeople(text: string): PeopleRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PeopleRecord)
}

/** The file of these records, by kind and class; those of a kind and class that are measured again take their place. */
export function writtenPeople(
  before: readonly PeopleRecord[],
  renewed: readonly PeopleRecord[] = [],
): string {
  const place = ({ kind, sides }: PeopleRecord) =>
    (SIZED_KINDS as readonly string[]).indexOf(kind) * CLASSES.length + CLASSES.indexOf(sides)
  const places = new Set(renewed.map(place))
  const kept = before.filter((record) => !places.has(place(record)))
  const sorted = [...kept, ...renewed].sort((a, b) => place(a) - place(b))
  return sorted.map((record) => `${JSON.stringify(record)}\n`).join('')
}

/** A row a kind, class and source. */
export function peopleTable(records: readonly PeopleRecord[]): string {
  const shown = ['plain TRM', 'K', 'best-Q@K', 'pass@K', 'verified@K']
  const rows = records.map(({ kind, sides, source, run, plain, bestQ, pass, verified }) => [
    kindNamed(kind)!.title,
    sides === CLASSES[0] ? 'up to 10' : sides,
    source,
    plain.of,
    run.model.name,
    percent(plain),
    run.plan.rollouts,
    ...[bestQ, pass, verified].map(percent),
  ])
  return markdownTable([['puzzles', 'longer side', 'source', 'n', 'model', ...shown], ...rows])
}

/** For the README: a kind's boards of up to 10 a side, of all sources together: alone, by q and by the rules. */
export function shortPeople(records: readonly PeopleRecord[], kind: string): string {
  const found = records.find((r) => r.kind === kind && r.sides === CLASSES[0] && r.source === 'all')
  if (!found) return '-'
  const shares = [found.plain, found.bestQ, found.verified].map(({ share }) => (100 * share).toFixed(1))
  const { rollouts } = found.run.plan
  return `${shares.join(' / ')} of ${found.plain.of}${rollouts === 64 ? '' : ` (${rollouts} tries)`}`
}

/** The section of docs/results.md. */
export function peopleText(records: readonly PeopleRecord[]): string {
  const { plan, engine } = records[0]!.run
  const machines = [...new Set(records.map(({ machine }) => `${machine.cpu}, Node ${machine.node}`))]
  return `## Puzzles that people made

Development sets: people's puzzles from several sources, on which nothing was trained; what is changed to do better on them is chosen by these figures. Their licence is unclear, so they are not part of this repository. The source \`janko\` is told apart because a program may have made some of them. Boards of up to 10 a side are all there; of larger ones the first ${PER_SOURCE['11-17']} of each source, without Heyawakes whose numbers have no token ([over 13](kinds.md#heyawake)). D=${depths(records)}, with the noise that the model recommends, on ${plan.noiseTarget}, seed ${plan.seed}, engine ${engine.backend} (${engine.kernel}), ${machines.join('; ')}.

${peopleTable(records)}

Of puzzles of your own, by the same plan ([format](measuring.md#on-your-own-puzzles)):

\`\`\`sh
npm run results -- --people lightup.jsonl tapa.jsonl        # writes this section; a file a kind
npx ptrm eval mine.jsonl -o runs/mine --size 1-10 --rollouts 64 --steps 16 --seed 1 --at 1,64
\`\`\``
}
