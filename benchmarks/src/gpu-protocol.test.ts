/** Requests and answers between processes, also where one fails, dies, hangs or chatters; and ptrm's own process. */
import { fileURLToPath } from 'node:url'
import { bundledModel } from '@ptrm/models'
import { afterEach, describe, expect, it } from 'vitest'
import { ContenderError, Contenders, engineCommand } from './gpu-protocol.ts'
import { devBoards } from './subjects.ts'

const opened: Contenders[] = []
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
})

/** A process that does as `handle`, a function of the request, says. */
function fake(handle: string): Contenders {
  const code = `require('node:readline').createInterface(process.stdin).on('line', (line) => {
    const request = JSON.parse(line)
    const say = (answer) => console.log(JSON.stringify({ id: request.id, ...answer }))
    ;(${handle})(request, say)
  })`
  const contenders = new Contenders('fake', { command: process.execPath, args: ['-e', code] })
  opened.push(contenders)
  return contenders
}

const hello = (one: Contenders, timeoutMs = 30_000) => one.ask<'hello'>({ op: 'hello' }, timeoutMs)

describe('Contenders', () => {
  it('answers each request by its id, whatever else is printed and in whatever order', async () => {
    const one = fake(`({ name }, say) => {
      console.log('a warning of a library'); console.log('{"id":99}'); console.log('[')
      setTimeout(() => say({ ms: Number(name) }), name === '1' ? 50 : 0)
    }`)
    const close = (name: string) => one.ask<'close'>({ op: 'close', name }, 30_000)
    expect(await Promise.all([close('1'), close('2')])).toEqual([{ ms: 1 }, { ms: 2 }])
  })

  it('tells what failed, and goes on', async () => {
    const one = fake(`({ id }, say) => say(id === 1 ? { error: 'no such model' } : { device: 'x' })`)
    await expect(hello(one)).rejects.toThrow(new ContenderError('fake: no such model'))
    expect(await hello(one)).toEqual({ device: 'x' })
    expect(one.life).toBe(1)
  })

  it('tells the last words of a process that dies, and starts another for the next request', async () => {
    const one = fake(
      `() => { console.error('out of memory'); process.exitCode = 3; process.stdin.destroy() }`,
    )
    await expect(hello(one)).rejects.toThrow('fake ended with 3; it said: out of memory')
    expect(one.life).toBe(0)
    await expect(hello(one)).rejects.toThrow(ContenderError)
  })

  it('tells nothing of earlier requests', async () => {
    const one = fake(
      `({ id }, say) => { console.error('about ' + id); id === 1 ? say({}) : process.exit(3) }`,
    )
    await hello(one)
    await expect(hello(one)).rejects.toThrow(/ended with 3; it said: about 2$/)
  })

  it('ends a process that does not answer in time', async () => {
    const one = fake('() => {}')
    const started = performance.now()
    await expect(hello(one, 300)).rejects.toThrow('gave no answer to hello within 0.3 s')
    expect(performance.now() - started).toBeLessThan(5000)
    expect(one.life).toBe(0)
  })

  it('tells of a program that is not there', async () => {
    const one = new Contenders('none', { command: '/nowhere/python', args: [] })
    await expect(hello(one)).rejects.toThrow(/none .*ENOENT/)
  })
})

describe("ptrm's process", () => {
  it('runs rollouts of an engine, counts their steps, and says what went wrong', async () => {
    const one = new Contenders('wasm', engineCommand('wasm', false))
    opened.push(one)
    const boards = devBoards('tapa', 3)
    const [{ rows, columns }] = boards
    const request = {
      ...({
        op: 'open',
        name: 'a',
        model: fileURLToPath(bundledModel('tapa')!.weights),
        rows,
        columns,
      } as const),
      boards: boards.map(({ tokens }) => [...tokens]),
      options: { slots: 2 },
    }
    await one.ask<'open'>(request, 60_000)
    const said = await one.ask<'answers'>({ op: 'answers', name: 'a', steps: 2, sigma: 0 }, 60_000)
    expect(Buffer.from(said.tokens, 'base64')).toHaveLength(3 * rows * columns)
    expect(said.q).toHaveLength(3)
    const pass = { name: 'a', slots: 2, steps: 3, sigma: 0.3 }
    const sample = await one.ask<'measure'>({ op: 'measure', seconds: 0, ...pass }, 60_000)
    expect(sample).toMatchObject({ rolloutSteps: 6, runs: 3 })
    expect(sample.seconds).toBeGreaterThan(0)
    await one.ask<'close'>({ op: 'close', name: 'a' }, 60_000)
    await expect(one.ask<'warm'>({ op: 'warm', ...pass }, 60_000)).rejects.toThrow('wasm: a is not open')
  })
})

describe("the solver's process", () => {
  it('solves puzzles of all their rollouts, and counts them', async () => {
    const one = new Contenders('solver', engineCommand('wasm', false, 'solver'))
    opened.push(one)
    const open = { op: 'open', name: 'a', model: '', rows: 0, columns: 0, boards: [] } as const
    await one.ask<'open'>(
      { ...open, options: { kind: 'tapa', rollouts: 3, stop: 'all', fp16: false } },
      60_000,
    )
    const pass = { name: 'a', slots: 2, steps: 4, sigma: 0.3 }
    const sample = await one.ask<'measure'>({ op: 'measure', seconds: 0.05, ...pass }, 60_000)
    expect(sample.seconds).toBeGreaterThanOrEqual(0.05)
    expect(sample.rolloutSteps).toBe(sample.runs * 3 * 4)
    await one.ask<'close'>({ op: 'close', name: 'a' }, 60_000)
    await expect(one.ask<'warm'>({ op: 'warm', ...pass }, 60_000)).rejects.toThrow('a is not open')
  })
})
