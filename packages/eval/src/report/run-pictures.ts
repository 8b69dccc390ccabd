/** The pictures of one run folder, from its figures and its recorded steps. */

import { byJudge, type Judged, judgeNote } from '../evaluation/judge.ts'
import type { PuzzleRecord, RolloutRecord } from '../evaluation/record.ts'
import { type AtK, type Results, SELECTIONS, type Selection, selectionTitles } from '../evaluation/results.ts'
import { isRight, judgedRecords } from '../evaluation/rollout.ts'
import { bestQAtK, mean, meanShare, percentile } from '../metrics/index.ts'
import { colors, quantity, SERIES, share } from './encodings.ts'
import type { Picture } from './picture.ts'

/** All pictures that the run has data for; those of accuracy need solutions. */
export function runPictures(results: Results, records: readonly PuzzleRecord[]): Picture[] {
  const judged = judgedRecords(records)
  const pictures = [width(results), cost(results)]
  if (judged.length > 0)
    pictures.push(depth(judged, results.run), qOverSteps(judged), calibration(results), escapes(results))
  return pictures.filter(({ rows }) => rows.length > 0).map((picture) => labelled(picture, results.run))
}

/** A picture of figures that the rules judge says so by itself: it is shown without its report too. */
function labelled(picture: Picture, run: Judged): Picture {
  const note = judgeNote(run)
  if (note === undefined) return picture
  return { ...picture, title: byJudge(run, picture.title), caption: `${picture.caption} ${note}` }
}

function width({ run, groups }: Results): Picture {
  const titles = selectionTitles(run)
  const rows = groups[0]!.atK.flatMap(({ k, solved }) =>
    SELECTIONS.flatMap((name) => {
      const estimate = solved[name]
      return estimate ? [{ selection: titles[name], k, ...estimate }] : []
    }),
  )
  return {
    name: 'width',
    title: 'Solved puzzles against K',
    caption:
      'Shares of puzzles with 95% Wilson intervals, every K from the same rollouts. pass@K: any rollout is right, what a perfect choice would reach. best-Q, mode and q-weighted choose without the rules; verified@K is what the rules accept.',
    rows,
    chart: {
      encoding: {
        x: { field: 'k', type: 'ordinal', title: 'K rollouts', axis: { labelAngle: 0 } },
        xOffset: { field: 'selection', sort: Object.values(titles) },
        color: {
          field: 'selection',
          type: 'nominal',
          title: null,
          scale: colors(Object.values(titles)),
        },
      },
      layer: [
        { mark: { type: 'line', opacity: 0.5 }, encoding: { y: share('share', 'solved') } },
        { mark: 'rule', encoding: { y: share('low', 'solved'), y2: { field: 'high' } } },
        { mark: { type: 'point', filled: true, size: 40 }, encoding: { y: share('share', 'solved') } },
      ],
    } as Picture['chart'],
  }
}

function cost({ run, groups, stops }: Results): Picture {
  const titles = selectionTitles(run)
  const { atK } = groups[0]!
  const line = (series: string, of: (at: AtK) => number, name: Selection) =>
    atK.flatMap((at) => {
      const solved = at.solved[name]
      return solved ? [{ series, label: `K=${at.k}`, netCalls: of(at), share: solved.share }] : []
    })
  const rows = [
    ...line(`${titles['best-q']}, all K run`, ({ netCalls }) => netCalls.fixed, 'best-q'),
    ...line('verified@K, until verified', ({ netCalls }) => netCalls.untilVerified, 'verified'),
    ...stops.map(({ stop, netCalls, solved }) => ({
      series: byJudge(run, `stop: ${stop}`),
      label: '',
      netCalls,
      share: solved.share,
    })),
  ]
  const isStop = "indexof(datum.series, 'stop') === 0"
  const x = quantity('netCalls', 'net calls a puzzle (log scale)', { scale: { type: 'log' } })
  return {
    name: 'cost',
    title: 'Solved puzzles against cost',
    caption:
      'Calls of the network a puzzle: all K rollouts to their end, or one after the other until the rules accept an answer. Stop rules are replayed from the recorded steps.',
    rows,
    chart: {
      encoding: {
        x,
        y: share('share', 'solved'),
        color: { field: 'series', type: 'nominal', title: null, sort: null, scale: { range: SERIES } },
      },
      layer: [
        { transform: [{ filter: `!(${isStop})` }], mark: { type: 'line', point: true } },
        {
          transform: [{ filter: isStop }],
          mark: { type: 'point', filled: true, size: 120, shape: 'diamond' },
        },
      ],
    } as Picture['chart'],
  }
}

function depth(judged: readonly PuzzleRecord[], run: Judged): Picture {
  const steps = judged[0]!.plain.q.length
  const rightAt = (rollout: RolloutRecord, d: number) => Number(rollout.answers[d - 1] === 0)
  const series = {
    [byJudge(run, 'plain TRM')]: ({ plain }: PuzzleRecord, d: number) => rightAt(plain, d),
    [byJudge(run, 'one rollout')]: ({ rollouts }: PuzzleRecord, d: number) =>
      mean(rollouts.map((rollout) => rightAt(rollout, d))),
    [byJudge(run, 'best-Q@K')]: ({ rollouts }: PuzzleRecord, d: number) => {
      const q = rollouts.map((rollout) => rollout.q[d - 1]!)
      return bestQAtK(
        q,
        rollouts.map((rollout) => rightAt(rollout, d)),
        rollouts.length,
      )
    },
  }
  const rows = Object.entries(series).flatMap(([name, of]) =>
    Array.from({ length: steps }, (_, i) => {
      return { series: name, steps: i + 1, ...meanShare(judged.map((record) => of(record, i + 1))) }
    }),
  )
  return {
    name: 'depth',
    title: 'Solved puzzles against D',
    caption: `Shares of puzzles whose answer after D steps is right, with 95% Wilson intervals: without noise, with noise (mean of all rollouts), and the best by q of K = ${judged[0]!.rollouts.length}.`,
    rows,
    chart: {
      encoding: {
        x: quantity('steps', 'D steps'),
        color: { field: 'series', type: 'nominal', title: null, scale: colors(Object.keys(series)) },
      },
      layer: [
        {
          mark: { type: 'area', opacity: 0.15 },
          encoding: { y: share('low', 'solved'), y2: { field: 'high' } },
        },
        { mark: 'line', encoding: { y: share('share', 'solved') } },
      ],
    } as Picture['chart'],
  }
}

function qOverSteps(judged: readonly PuzzleRecord[]): Picture {
  const rollouts = judged.flatMap((record) => record.rollouts)
  const rows = ['right', 'wrong'].flatMap((end) => {
    const of = rollouts.filter((rollout) => isRight(rollout) === (end === 'right'))
    if (of.length === 0) return []
    return Array.from({ length: of[0]!.q.length }, (_, step) => {
      const q = of.map((rollout) => rollout.q[step]!)
      const [low, median, high] = [0.1, 0.5, 0.9].map((p) => percentile(q, p))
      return { end, step: step + 1, rollouts: of.length, low: low!, median: median!, high: high! }
    })
  })
  return {
    name: 'q-steps',
    title: 'q over the steps of solved and stuck rollouts',
    caption:
      'Halt logit after each step: median and the range from the 10th to the 90th percentile, of rollouts that end right and of those that end wrong.',
    rows,
    chart: {
      encoding: {
        x: quantity('step', 'step'),
        color: { field: 'end', type: 'nominal', title: 'ends', scale: colors(['right', 'wrong']) },
      },
      layer: [
        {
          mark: { type: 'area', opacity: 0.2 },
          encoding: { y: quantity('low', 'q'), y2: { field: 'high' } },
        },
        { mark: 'line', encoding: { y: quantity('median', 'q') } },
      ],
    } as Picture['chart'],
  }
}

function calibration({ groups }: Results): Picture {
  const { auroc, aurocWithinPuzzles, bins, ece, brier } = groups[0]!.qHead!
  const text = (value: number | null) => (value === null ? 'none' : value.toFixed(3))
  return {
    name: 'calibration',
    title: 'Can sigmoid(q) be trusted?',
    caption: `Rollouts by what the model believes of them, against the share that is right; on the diagonal belief and truth agree. The area of a point is its number of rollouts. AUROC ${text(auroc)}, within puzzles ${text(aurocWithinPuzzles)}; ECE ${text(ece)}, Brier score ${text(brier)}.`,
    rows: bins.filter(({ rollouts }) => rollouts > 0).map((bin) => ({ ...bin })),
    chart: {
      width: 360,
      height: 360,
      layer: [
        {
          data: { values: [0, 1].map((x) => ({ x })) },
          mark: { type: 'line', color: '#bbb', strokeDash: [4, 4] },
          encoding: { x: quantity('x', ''), y: quantity('x', '') },
        },
        {
          mark: { type: 'point', filled: true, color: '#0072b2', opacity: 0.8 },
          encoding: {
            x: share('predicted', 'believed: mean sigmoid(q)'),
            y: share('observed', 'right'),
            size: quantity('rollouts', 'rollouts', { scale: { range: [30, 600] } }),
          },
        },
      ],
    } as Picture['chart'],
  }
}

function escapes({ groups }: Results): Picture {
  const { rolloutsRight, escaped, puzzles } = groups[0]!.escapes!
  const rows = rolloutsRight
    .toSorted((a, b) => b.right - a.right)
    .map(({ id, right, of }, rank) => ({ rank: rank + 1, id, right, of, share: right / of }))
  return {
    name: 'escapes',
    title: 'Basin escapes',
    caption: `The puzzles that plain TRM fails, each with its share of noisy rollouts that end right, sorted: ${escaped} of ${puzzles} have at least one.`,
    rows,
    chart: {
      mark: { type: 'bar', color: '#0072b2' },
      encoding: {
        x: {
          field: 'rank',
          type: 'ordinal',
          title: 'puzzle',
          axis: { labels: rows.length <= 40, labelAngle: 0 },
        },
        y: share('share', 'rollouts that are right'),
      },
    } as Picture['chart'],
  }
}
