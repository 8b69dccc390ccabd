/** `ptrm serve` as a process: how it starts, what its signals do, how it is set. The API itself is tested in `@ptrm/server`. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { BIN, EASY, ptrm, SOLUTION, testFolder } from '../../test/ptrm.ts'

const folder = testFolder()
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

interface Service {
  readonly child: ChildProcess
  readonly url: string
  readonly ended: Promise<[number | null, NodeJS.Signals | null]>
}

/** Starts `ptrm serve` on a free port. */
async function serve(...args: string[]): Promise<Service> {
  const child = spawn(process.execPath, [BIN, 'serve', '--port', '0', '--workers', '1', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  children.push(child)
  const ended = once(child, 'close') as Service['ended']
  const [data] = await once(child.stderr!.setEncoding('utf8'), 'data')
  const [url] = /http:\S+\d/.exec(data) ?? expect.unreachable(data)
  return { child, url, ended }
}

const solve = (url: string, more: object = {}, headers = {}) =>
  fetch(`${url}/v1/solve`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ puzzle: EASY, ...more }),
  })

const long = { plan: { rollouts: 1000, steps: 200, stop: 'all' } }

describe('ptrm serve', () => {
  it('answers what it has accepted after SIGTERM, and ends with 0', async () => {
    const { child, url, ended } = await serve()
    expect(await (await solve(url)).json()).toMatchObject({ status: 'verified', answer: SOLUTION })
    expect((await fetch(`${url}/docs/swagger-ui.css`)).status).toBe(200)
    const accepted = solve(url, { ...long, deadline: 1500 })
    await sleep(500)
    child.kill('SIGTERM')
    expect(await (await accepted).json()).toMatchObject({ stoppedBy: 'deadline' })
    expect(await ended).toEqual([0, null])
  })

  it('ends at once at the second SIGTERM', async () => {
    const { child, url, ended } = await serve()
    const accepted = solve(url, { ...long, deadline: 30_000 })
    await sleep(500)
    child.kill('SIGTERM')
    await sleep(300)
    child.kill('SIGTERM')
    await expect(accepted).rejects.toThrow()
    expect(await ended).toEqual([null, 'SIGTERM'])
  })

  it('ends with 1 where what it has accepted takes longer than --drain', async () => {
    const { child, url, ended } = await serve('--drain', '200ms')
    const accepted = solve(url, { ...long, deadline: 30_000 })
    await sleep(500)
    child.kill('SIGINT')
    expect((await accepted).status).toBe(503)
    expect(await ended).toEqual([1, null])
  })

  it('refuses an option of engines other than its own, as worker does', () => {
    const worker = ['worker', '--redis', 'redis://localhost:1', '--backend', 'wasm', '--fp16']
    for (const [args, option] of [
      [['serve', '--port', '0', '--backend', 'wasm', '--slots', '4'], '--slots'],
      [worker, '--fp16'],
    ] as const) {
      const { stderr, status } = ptrm(args)
      expect([status, stderr]).toEqual([2, expect.stringContaining(`ptrm: ${option} is for onnx engines`)])
    }
  })

  it('makes keys, and lets in who has one', async () => {
    const { stdout, stderr, status } = ptrm(['serve', '--new-key', 'alice'])
    expect(status).toBe(0)
    const keys = join(folder, 'keys')
    writeFileSync(keys, stderr.split('\n')[1]!)
    expect(readFileSync(keys, 'utf8')).not.toContain(stdout.trim())
    const { url } = await serve('--keys', keys)
    expect((await solve(url)).status).toBe(401)
    expect((await solve(url, {}, { Authorization: `Bearer ${stdout.trim()}` })).status).toBe(200)
  })

  it.each([
    [['--port', '1e3'], "--port: found '1e3', wanted a whole number from 0 to 65535"],
    [['--keys', join(folder, 'none')], "can't read the keys"],
    [['--models', join(folder, 'none')], "models: can't read the folder"],
    [['--config', join(folder, 'none')], "can't read the settings"],
    [['--new-key', 'a b'], "a key's name: found 'a b'"],
    [['--host', '256.1.1.1'], "can't listen on 256.1.1.1:"],
  ])('%j is refused with a reason and code 2', (args, reason) => {
    const { status, stderr } = ptrm(['serve', '--port', '0', ...args])
    expect([status, stderr]).toEqual([2, expect.stringContaining(reason)])
  })
})
