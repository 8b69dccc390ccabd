/** Processes are told apart: dead ones, other ones with the same pid, and those that can't be seen. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isRunning, thisProcess } from './process.ts'

const hasPs = spawnSync('ps', ['-p', '1', '-o', 'lstart=']).status === 0

afterEach(() => vi.restoreAllMocks())

/** A process that has ended and was reaped. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid
}

/** A process that has ended and waits for its parent, which never asks. */
async function withZombie(work: (pid: number) => void): Promise<void> {
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 120'])
  const pid = Number(await once(parent.stdout, 'data'))
  try {
    // A busy machine takes longer than the second that this would wait by default.
    const state = () => spawnSync('ps', ['-p', `${pid}`, '-o', 'state=']).stdout.toString()
    await vi.waitFor(() => expect(state()).toMatch(/^Z/), { timeout: 30_000 })
    work(pid)
  } finally {
    parent.kill('SIGKILL')
  }
}

describe.each([
  ['as this system says', process.platform],
  ['as ps says', 'darwin'],
  ['without start times', 'win32'],
] as const)('a process, %s', (_name, platform) => {
  const isPs = platform === 'darwin'
  const on = (work: () => void) => {
    const { platform: own } = process
    Object.defineProperty(process, 'platform', { value: platform })
    try {
      work()
    } finally {
      Object.defineProperty(process, 'platform', { value: own })
    }
  }

  it.skipIf(isPs && !hasPs)('runs, or does not', () => {
    on(() => {
      const own = thisProcess()
      expect(own.pid).toBe(process.pid)
      expect(isRunning(own)).toBe('yes')
      expect(isRunning({ ...own, pid: process.ppid, start: '' })).toBe('yes')
      expect(isRunning({ ...own, pid: deadPid() })).toBe('no')
    })
  })

  it.skipIf((isPs && !hasPs) || platform === 'win32')('is not another that has its pid now', () => {
    on(() => {
      const own = thisProcess()
      expect(own.start).not.toBe('')
      expect(isRunning({ ...own, start: `${own.start}0` })).toBe('no')
    })
  })

  it.skipIf(!hasPs || platform === 'win32')('does not run while it waits to be reaped', async () => {
    await withZombie((pid) => on(() => expect(isRunning({ ...thisProcess(), pid, start: '' })).toBe('no')))
  })
})

describe('a process of elsewhere', () => {
  it('is unknown on another machine or in another container, and dead after a new start of this one', () => {
    const own = thisProcess()
    expect(isRunning({ ...own, host: `${own.host}-2` })).toBe('unknown')
    expect(isRunning({ ...own, pids: 'pid:[1]' })).toBe('unknown')
    expect(isRunning({ ...own, boot: 'before' })).toBe('no')
  })

  it('runs though it may not be signalled', () => {
    vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error(), { code: 'EPERM' })
    })
    expect(isRunning(thisProcess())).toBe('yes')
  })
})
