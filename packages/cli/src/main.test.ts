/** Bad input to every command, exit codes, and the measuring commands side by side. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BackendUnavailableError, WorkerCrashedError } from '@ptrm/orchestrator'
import { describe, expect, it } from 'vitest'
import { AKARI, BIN, EASY, ptrm, testFolder } from '../test/ptrm.ts'
import { endedBy } from './run/exit.ts'
import { exitCodeOf } from './run/failure.ts'

const folder = testFolder()
const notes = join(folder, 'notes.md')
writeFileSync(notes, '# Notes, and neither weights nor a folder\n')

describe('every command', () => {
  it.each([
    [['solve', 'no-such.txt'], 'no file no-such.txt'],
    [['solve', folder], 'is a folder, not a file'],
    [['solve', '# nothing'], 'found no puzzle in the input'],
    [['solve', '12x'], 'ptrm: no file 12x'],
    [['show', 'no such.txt'], 'ptrm: no file no such.txt'],
    [['solve', '1 2 x .'], '<puzzle>:1:'],
    [['solve', `11${'.'.repeat(79)}`], 'the givens contradict the rules: 1 repeats in row 1'],
    [['solve', EASY, '--sigma', 'much'], 'Wanted a number of at least 0'],
    [['solve', EASY, '--sigma', '0.1,,0.2'], 'Wanted a number of at least 0'],
    [['solve', EASY, '--sigma', '0.1,1e19'], 'at most 1000'],
    [['solve', EASY, '--rollouts', '1000001'], 'Wanted an integer from 1 to 1000000'],
    [['solve', EASY, '--workers', '-1'], 'Wanted a whole number of at least 0'],
    [['solve', EASY, '--workers', '1025'], 'Wanted an integer from 1 to 1024, or 0 for the calling thread'],
    [['solve', EASY, '--workers', '0', '--backend', 'onnx'], "'wasm' or 'auto' beside workers: 0"],
    [['solve', EASY, '--slots', '65537'], 'Wanted an integer from 1 to 65536'],
    [['solve', EASY, '--deadline', '999999999999m'], 'Wanted a time such as 500ms'],
    [['solve', EASY, '--rollouts', '1e3'], 'Wanted a whole number of at least 1'],
    [['solve', EASY, '--deadline', 'soon'], 'Wanted a time such as 500ms'],
    [['solve', EASY, '--svg', '/no/such/folder/a.svg'], "can't write /no/such/folder/a.svg"],
    [['solve', process.execPath], 'it holds zero bytes, so it is no text in UTF-8'],
    [['solve', EASY, '--stop', 'never'], 'Wanted all, first-verified'],
    [['solve', EASY, '--model', 'chess'], "no model 'chess'"],
    [['solve', EASY, '--model', notes], `ptrm: ${notes}: malformed safetensors`],
    [['solve', EASY, '--model', notes, '--kind', 'sudoku'], `ptrm: ${notes}: malformed safetensors`],
    [['doctor', '--model', notes], `ptrm: ${notes}: malformed safetensors`],
    [['export', notes, '--onnx', join(folder, 'x')], `ptrm: ${notes}: malformed safetensors`],
    [['import', notes, '-o', join(folder, 'x')], `ptrm: ${notes}: neither a torch.save zip nor`],
    [['models', 'chess'], "no model 'chess'"],
    [['check', AKARI], 'no answer beside this puzzle'],
    [['check', AKARI, '--answer', '@no-such'], 'no file no-such'],
    [['check', AKARI, '--answer', 'o'.repeat(36)], '<answer>:1:8: row 2, column 2 holds a wall or clue'],
    [['show', AKARI, '--svg', '/no/such/folder/a.svg'], "can't write /no/such/folder/a.svg"],
    [['show', '1', '--kind', 'chess'], 'is invalid. Wanted one of'],
    [['solve', AKARI, '--model', 'sudoku'], 'a lightup puzzle, but the model is for sudoku'],
    [['fly'], "unknown command 'fly'"],
  ])('%j is refused with a reason and code 2', (args, reason) => {
    const { stderr, status } = ptrm(args)
    expect(stderr).toContain(reason)
    expect(stderr).not.toContain('    at ')
    expect(status).toBe(2)
  })
})

describe('exit codes', () => {
  it('are 3 where the engine can run no kernel', () => {
    const { stderr, status } = spawnSync(process.execPath, ['--jitless', BIN, 'solve', EASY], {
      encoding: 'utf8',
    })
    expect(stderr).toMatch(/^ptrm: .* without WebAssembly; .* try again\n$/)
    expect(status).toBe(3)
  })

  it('tell a failing backend from bad input', () => {
    expect(exitCodeOf(new BackendUnavailableError('cuda', 'no library'))).toBe(3)
    expect(exitCodeOf(new WorkerCrashedError(4, 3, new Error('out of memory')))).toBe(3)
    expect(exitCodeOf(new Error('anything else'))).toBe(2)
    expect(exitCodeOf(endedBy('SIGTERM'))).toBe(143)
  })
})

describe('ptrm eval, sweep and report', () => {
  const data = new URL('../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
  const small = ['--rollouts', '2', '--steps', '2', '--per-source', '1', '--workers', '1']

  it('measure, tune and draw', () => {
    const run = join(folder, 'run')
    const measured = ptrm(['eval', data, '-o', run, ...small, '--stop', 'first-verified', 'adaptive:0.1'])
    expect(measured.status).toBe(0)
    expect(measured.stdout).toContain('all, 3 puzzles; plain TRM')
    expect(measured.stdout).toMatch(/\| adaptive:0\.1 \| best-q \|/)
    const compared = ptrm(['eval', data, '-o', run, ...small, '--against', run])
    expect(compared.stdout).toMatch(/\| pass \| .* \| 1\.00 \|/)
    rmSync(join(run, 'comparison.json'))
    const quiet = ptrm(['eval', data, '-o', run, ...small, '--quiet', '--against', run])
    expect([quiet.stdout, quiet.stderr]).toEqual(['', ''])
    expect(existsSync(join(run, 'comparison.json'))).toBe(true)
    const drawn = ptrm(['report', run])
    expect(drawn.stderr).toContain('report.html')
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/)
    const tuned = ptrm(['sweep', data, '-o', join(folder, 'sweep'), '--sigmas', '0.2', '0.4', ...small])
    expect(tuned.stdout).toContain('| 0.4 | zL |')
    const tune = ['sweep', data, '-o', join(folder, 'late'), '--sigmas', '0.2', ...small]
    const late = ptrm([...tune, '--budget', '1ms', '--quiet'])
    expect([late.stdout, late.stderr, late.status]).toEqual([
      '',
      'no plan solves any puzzle within 1 ms\n',
      1,
    ])
    const sweep = join(folder, 'sweep')
    for (const [of, flags, reason] of [
      [run, ['--puzzle', 'a'], '--puzzle and --model go with --puzzles'],
      [run, ['--model', 'none'], '--puzzle and --model go with --puzzles'],
      [
        sweep,
        ['--puzzles', data],
        `${sweep} is a sweep: --puzzles, --puzzle and --model are for run folders`,
      ],
    ] as const) {
      const { stderr, status } = ptrm(['report', of, ...flags])
      expect([status, stderr]).toEqual([2, expect.stringContaining(`ptrm: ${reason}`)])
    }
  })

  it('refuse what can not be measured', () => {
    const { stderr, status } = ptrm(['eval', data, '-o', join(folder, 'none'), ...small, '--at', '3'])
    expect(stderr).toBe('ptrm: --at 3: only K = 2 rollouts are run; raise --rollouts\n')
    expect(status).toBe(2)
    const same = ptrm([
      'sweep',
      data,
      '-o',
      join(folder, 'none'),
      '--sigmas',
      '0.2',
      ...small,
      '--test',
      data,
    ])
    expect(same.stderr).toContain('has the same content')
    expect(same.status).toBe(2)
    for (const args of [['eval'], ['sweep', '--sigmas', '0.2']]) {
      const taken = ptrm([...args.slice(0, 1), data, '-o', notes, ...args.slice(1), ...small])
      expect([taken.stderr, taken.status]).toEqual([
        expect.stringContaining(`${notes} is a file, not a folder`),
        2,
      ])
      const model = ptrm([
        args[0]!,
        data,
        '-o',
        join(folder, 'none'),
        ...args.slice(1),
        ...small,
        '--model',
        notes,
      ])
      expect([model.stderr, model.status]).toEqual([expect.stringContaining(`ptrm: ${notes}: malformed`), 2])
    }
  })
})
