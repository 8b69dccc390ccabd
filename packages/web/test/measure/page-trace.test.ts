import { expect, it } from 'vitest'
import { mainThreadTasks } from './page-trace.ts'

/** A main thread with tasks of these milliseconds, by the clock and by the processor. */
function thread(pid: number, tasks: readonly (readonly [dur: number, tdur: number])[]): object[] {
  return [
    { name: 'thread_name', ph: 'M', pid, tid: 1, args: { name: 'CrRendererMain' } },
    { name: 'RunTask', ph: 'X', pid, tid: 2, dur: 9e6, tdur: 9e6 },
    { name: 'Layout', ph: 'X', pid, tid: 1, dur: 9e6, tdur: 9e6 },
    ...tasks.map(([dur, tdur]) => ({
      name: 'RunTask',
      ph: 'X',
      pid,
      tid: 1,
      dur: dur * 1000,
      tdur: tdur * 1000,
    })),
  ]
}

it('looks at the tasks of the busiest page’s main thread alone', () => {
  const traceEvents = [
    ...thread(1, [[700, 1]]),
    ...thread(2, [
      [60, 12],
      [50, 20],
      [10, 5],
    ]),
  ]
  expect(mainThreadTasks(JSON.stringify({ traceEvents }))).toEqual({
    longest: 60,
    over50: 2,
    longestCpu: 20,
    totalCpu: 37,
  })
})

it('says so where the trace holds no page', () => {
  expect(() => mainThreadTasks('{"traceEvents": []}')).toThrow('the trace holds no renderer')
})
