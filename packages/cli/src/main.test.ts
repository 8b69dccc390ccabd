/** The command as a user runs it: output, exit codes, errors. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { BackendUnavailableError, WorkerCrashedError } from '@ptrm/orchestrator'
import { describe, expect, it } from 'vitest'
import { exitCodeOf } from './run/exit.ts'

const BIN = new URL('../bin/ptrm.js', import.meta.url).pathname
const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const SOLUTION = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'
const AKARI = 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'
const AKARI_SOLUTION = '.o..../o-..o./..-o../-.o-.o/.o..-./-..o.-'
const folder = mkdtempSync(join(tmpdir(), 'ptrm-cli-'))

function ptrm(args: string[], input = '') {
  return spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8', input, timeout: 60_000 })
}

describe('ptrm solve', () => {
  it('draws a solved puzzle and exits with 0', () => {
    const { stdout, stderr, status } = ptrm(['solve', EASY])
    expect(status).toBe(0)
    expect(stdout).toContain('solved (rollout')
    expect(stdout).toContain('│ 5 2·8 │·1·9·4 │·6·3 7 │')
    expect(stderr).toContain('solved 1 of 1 = 100.0%')
  })

  it('streams NDJSON in input order from stdin, with bad entries in their place', () => {
    const { stdout, stderr, status } = ptrm(
      ['solve', '-', '--json'],
      `id,puzzle\na,${EASY}\nb,12\nc,${EASY}\n`,
    )
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ status }) => status)).toEqual(['verified', 'bad-input', 'verified'])
    expect(lines[0]).toMatchObject({
      id: 'a',
      answer: SOLUTION,
      plan: { steps: 32, seed: '0' },
      select: 'verified',
    })
    expect(stderr).toContain('<stdin>:3:5: expected 81 cells, found 2')
    expect(status).toBe(2)
  })

  it('writes an SVG, and answers alone with --quiet', () => {
    const svg = join(folder, 'a.svg')
    const { stdout, stderr } = ptrm(['solve', EASY, '--quiet', '--svg', svg])
    expect(stdout).toBe(`${SOLUTION}\n`)
    expect(stderr).toBe('')
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg /)
  })

  it('writes one SVG a puzzle, numbered by its place in the input', () => {
    const svg = join(folder, 'many.svg')
    const { status } = ptrm(['solve', '-', '--quiet', '--svg', svg], `${EASY}\n12\n\n${EASY}\n`)
    expect(status).toBe(2)
    expect(readdirSync(folder).filter((name) => name.startsWith('many'))).toEqual([
      'many-1.svg',
      'many-3.svg',
    ])
  })

  it('exits with 1 when a puzzle stays unsolved', () => {
    const { stdout, status } = ptrm(['solve', EASY, '--rollouts', '1', '--steps', '1'])
    expect(status).toBe(1)
    expect(stdout).toContain('NOT solved')
  })

  it('reads a URL, and stops by q or by deadline', () => {
    const url = ptrm([
      'solve',
      'https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g',
      '--quiet',
    ])
    expect(url.stdout).toBe(`${SOLUTION}\n`)
    const q = ptrm(['solve', EASY, '--stop', 'q-above:2', '--json'])
    expect(JSON.parse(q.stdout)).toMatchObject({ stoppedBy: 'rule', plan: { stop: { qAbove: 2 } } })
    const late = ptrm([
      'solve',
      '.'.repeat(81),
      '--json',
      '--stop',
      'all',
      '--rollouts',
      '9999',
      '--deadline',
      '300ms',
    ])
    expect(JSON.parse(late.stdout)).toMatchObject({ stoppedBy: 'deadline' })
  })

  it('spends rollouts as an adaptive rule says, without the rules and with them', () => {
    const solve = (...args: string[]) => {
      const { stdout } = ptrm(['solve', EASY, '--json', '--workers', '1', ...args])
      return JSON.parse(stdout)
    }
    expect(solve('--stop', 'adaptive:0.01', '--select', 'best-q')).toMatchObject({
      status: 'verified',
      answer: SOLUTION,
      stoppedBy: 'rule',
      plan: { stop: { adaptive: { until: { error: 0.01 } } } },
    })
    const pruned = solve('--stop', 'adaptive,prune:1:99', '--rollouts', '2')
    expect(pruned).toMatchObject({ stats: { steps: 2 }, plan: { stop: { adaptive: { until: 'verified' } } } })
    const { stderr, status } = ptrm(['solve', EASY, '--stop', 'adaptive:1'])
    expect(stderr).toContain('adaptive:0.01')
    expect(status).toBe(2)
  })

  it('is quiet when its reader leaves', () => {
    const file = join(folder, 'quiet.code')
    const pipe = (flags: string) =>
      spawnSync(
        'bash',
        ['-c', `{ "${process.execPath}" "${BIN}" solve - ${flags}; echo $? >"${file}"; } | head -n 1`],
        {
          encoding: 'utf8',
          input: `${EASY}\n`.repeat(40),
        },
      )
    const { stdout, stderr } = pipe('--quiet')
    expect(stdout).toBe(`${SOLUTION}\n`)
    expect(stderr).toBe('')
    for (const flags of ['--json 2>&1', '--json --backend onnx-cpu 2>&1']) {
      pipe(flags)
      expect(readFileSync(file, 'utf8')).toBe('0\n')
    }
  })

  it('reads from a pipe in place of a file', () => {
    const { stdout } = spawnSync(
      'bash',
      ['-c', `"${process.execPath}" "${BIN}" solve <(echo ${EASY}) --quiet`],
      {
        encoding: 'utf8',
      },
    )
    expect(stdout).toBe(`${SOLUTION}\n`)
  })

  it('leaves stdin at Ctrl-C', async () => {
    const child = spawn(process.execPath, [BIN, 'solve', '-', '--quiet'])
    child.stdin.write(`${EASY}\n${EASY}\n`)
    child.stdout.once('data', () => child.kill('SIGINT'))
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(130)
  }, 30_000)

  it.each([
    [['solve', 'no-such.txt'], 'no file no-such.txt'],
    [['solve', folder], 'is a folder, not a file'],
    [['solve', '# nothing'], 'found no puzzle in the input'],
    [['solve', '12x'], "<puzzle>:1:3: unexpected 'x'"],
    [['solve', `11${'.'.repeat(79)}`], 'the givens contradict the rules: 1 repeats in row 1'],
    [['solve', EASY, '--sigma', 'much'], 'Wanted a number of at least 0'],
    [['solve', EASY, '--sigma', '0.1,,0.2'], 'Wanted a number of at least 0'],
    [['solve', EASY, '--rollouts', '1e3'], 'Wanted a whole number of at least 1'],
    [['solve', EASY, '--deadline', 'soon'], 'Wanted a time such as 500ms'],
    [['solve', EASY, '--svg', '/no/such/folder/a.svg'], "can't write /no/such/folder/a.svg"],
    [['solve', process.execPath], 'it holds zero bytes, so it is no UTF-8 text'],
    [['solve', EASY, '--stop', 'never'], 'Wanted all, first-verified'],
    [['solve', EASY, '--model', 'chess'], "no model 'chess'"],
    [['models', 'chess'], "no model 'chess'"],
    [['check', AKARI], 'no answer beside this puzzle'],
    [['check', AKARI, '--answer', '@no-such'], "can't read no-such"],
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

  it('stops at Ctrl-C with what it has', async () => {
    const file = join(folder, 'many.txt')
    writeFileSync(file, `${EASY}\n`.repeat(3000))
    const child = spawn(process.execPath, [BIN, 'solve', file, '--quiet'])
    let out = ''
    child.stdout.on('data', (data) => {
      if (out === '') child.kill('SIGINT')
      out += data
    })
    const code = await new Promise((resolve) => child.on('exit', resolve))
    expect(code).toBe(130)
    expect(out.split('\n')[0]).toBe(SOLUTION)
  }, 30_000)
})

describe('ptrm check', () => {
  it('accepts a right answer, and names and marks what a wrong one breaks', () => {
    const right = ptrm(['check', AKARI, '--answer', AKARI_SOLUTION])
    expect(right.stdout).toContain('solved: the answer keeps all rules')
    expect(right.status).toBe(0)
    const svg = join(folder, 'wrong.svg')
    const wrong = ptrm(['check', AKARI, '--answer', AKARI_SOLUTION.replace('.o', 'oo'), '--svg', svg])
    expect(wrong.stdout).toContain('bulbs light each other: row 1 column 1, row 1 column 2')
    expect(wrong.stdout).toContain('┃!●!│!●!│')
    expect(wrong.status).toBe(1)
    expect(readFileSync(svg, 'utf8')).toContain('bad-line')
  })

  it('tells a half-filled answer without mistakes from one with', () => {
    const verdict = (answer: string) =>
      JSON.parse(ptrm(['check', AKARI, '--json', '--answer', answer]).stdout)
    const half = AKARI_SOLUTION.replaceAll('.', '?')
    expect(verdict(half)).toMatchObject({ verdict: 'incomplete', violations: [] })
    expect(verdict(half.replace('?o', 'oo'))).toMatchObject({
      verdict: 'wrong',
      violations: expect.arrayContaining([
        {
          rule: 'bulbs light each other',
          cells: [
            { row: 1, column: 1 },
            { row: 1, column: 2 },
          ],
        },
      ]),
    })
  })

  it('judges the answers that a packed file gives, of several kinds', () => {
    const file = join(folder, 'mixed.jsonl.gz')
    const record = JSON.stringify({ id: 'a', puzzle_url: AKARI, solution: AKARI_SOLUTION })
    writeFileSync(file, gzipSync(`${record}\n${EASY},${SOLUTION}\n`))
    const { stdout, stderr, status } = ptrm(['check', file])
    expect(stdout.match(/solved: the answer/g)).toHaveLength(2)
    expect(stderr).toContain('2 of 2 answers are right')
    expect(status).toBe(0)
  })
})

describe('ptrm show', () => {
  it('draws every puzzle, each with its own SVG', () => {
    const svg = join(folder, 'board.svg')
    const { stdout, status } = ptrm(['show', `${AKARI}\n${EASY}`, '--svg', svg])
    expect(status).toBe(0)
    expect(stdout).toContain('lightup, 6 rows x 6 columns')
    expect(stdout).toContain('sudoku, 9 rows x 9 columns')
    expect(readFileSync(join(folder, 'board-1.svg'), 'utf8')).toContain('ptrm-lightup')
    expect(readFileSync(join(folder, 'board-2.svg'), 'utf8')).toContain('ptrm-sudoku')
  })

  it('reads a grid of the kind that it is told', () => {
    const { stdout } = ptrm(['show', '. 1\n. .', '--kind', 'lightup', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'lightup', rows: 2, cols: 2, grid: 'lightup\n. 1\n. .' })
  })
})

describe('onnxruntime', () => {
  it('solves on its CPU provider, by the same plan', () => {
    const { stdout, status } = ptrm(['solve', EASY, '--backend', 'onnx-cpu', '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'verified', answer: SOLUTION })
  })

  it('exports a model as ONNX, and says what it needs', () => {
    const file = join(folder, 'sudoku.onnx')
    const { stderr, status } = ptrm(['export', 'sudoku', '--onnx', file, '--steps', '2'])
    expect(stderr).toContain(`wrote ${file}: 2 deep recursion steps`)
    expect(status).toBe(0)
    expect(readFileSync(file).length).toBeGreaterThan(1_000_000)
    expect(ptrm(['export', 'sudoku']).stderr).toContain('say what to write: --onnx FILE')
    expect(ptrm(['export', 'sudoku', '--onnx', '/no/such/folder/a']).status).toBe(2)
  })
})

describe('ptrm doctor', () => {
  it('says what runs here, what does not and why, and what auto takes', () => {
    const { stdout, status } = ptrm(['doctor'])
    expect(stdout).toMatch(/^wasm +relaxed +yes +[\d.]+ ms a rollout-step/m)
    expect(stdout).toMatch(/^onnx-cuda +onnxruntime-node 1\.30\.0 +(yes|no +\S+)/m)
    expect(stdout).toMatch(/onnx-cpu from \d+ expected rollout-steps on/)
    expect(status).toBe(0)
    const json = JSON.parse(ptrm(['doctor', '--json']).stdout)
    expect(json.engines.map(({ backend }: { backend: string }) => backend)).toContain('onnx-cuda')
  })

  it('counts what a job takes on a GPU', () => {
    const plan = ['doctor', '--json', '--memory', '24', '--plan', 'sudoku']
    const json = JSON.parse(ptrm([...plan, '256']).stdout)
    expect(json).toMatchObject({
      rollouts: 256,
      stepsPerRun: 1,
      copiedBytes: 81 * 8 + 4 * 82 * 128 * 4 + 81 + 8,
    })
    expect(json.fits).toBe(Math.floor((22.5 * 2 ** 30 - json.weightBytes) / json.slotBytes))
    expect(ptrm([...plan, 'many']).stderr).toContain("K is 'many', wanted a whole number")
    expect(ptrm(plan).stderr).toContain('--plan wants a model and K')
    expect(ptrm(['doctor', '--plan', 'sudoku', '4', '--memory', '0']).status).toBe(2)
  })
})

describe('ptrm solve on pencil puzzles', () => {
  const file = new URL('../../../examples/pencil.txt', import.meta.url).pathname

  it('solves the examples, each kind by its own model', () => {
    const { stdout, status } = ptrm(['solve', file, '--json', '--seed', '1'])
    const found = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(found.map(({ kind, status }) => `${kind} ${status}`)).toEqual(
      ['lightup', 'tapa', 'shakashaka', 'nurikabe', 'heyawake'].flatMap((kind) =>
        Array(2).fill(`${kind} verified`),
      ),
    )
    expect(status).toBe(0)
  })
})

describe('ptrm models', () => {
  it('lists models and prints a card', () => {
    expect(ptrm(['models']).stdout).toContain('sudoku-small')
    expect(ptrm(['models', 'sudoku']).stdout).toContain('# sudoku-2')
    expect(ptrm(['models', 'sudoku-small']).stdout).toContain('# sudoku-small')
    expect(ptrm(['models']).stdout).toMatch(/^lightup-2\tlightup\tLight Up up to 10x10, .* on a GPU$/m)
    const [first] = ptrm(['models', '--json']).stdout.split('\n')
    expect(JSON.parse(first!)).toEqual({
      name: 'sudoku-2',
      kind: 'sudoku',
      summary: expect.stringContaining('9x9'),
    })
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
    expect(ptrm(['eval', data, '-o', run, ...small, '--quiet', '--against', run]).stdout).toMatch(
      /\| pass \| .* \| 1\.00 \|/,
    )
    const drawn = ptrm(['report', run])
    expect(drawn.stderr).toContain('report.html')
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/)
    const tuned = ptrm(['sweep', data, '-o', join(folder, 'sweep'), '--sigmas', '0.2', '0.4', ...small])
    expect(tuned.stdout).toContain('| 0.4 | zL |')
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
  })
})
