/**
 * Every command over puzzles whose ids, sources and file names want to run something: nothing is opened to the network, and
 * what is written is well-formed, runs nothing and says what was given.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { afterAll, describe, expect, it } from 'vitest'
import { sudokuFile } from '../../../packages/checkpoints/test/sudoku-file.ts'
import { type Watched, watch, watchPtrm } from './watched.ts'

const PUZZLE = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const SOLUTION = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'
const IDS = [
  '<img src=x onerror=alert(1)>',
  ']]><script>alert(1)</script>',
  `"onload="alert(1)' x='`,
  "$'$&",
  '\u001b[31mred\u0007',
  '=1+1',
]

const folder = mkdtempSync(join(tmpdir(), 'ptrm-silence-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const lines = IDS.map((id) => JSON.stringify({ id, source: id, puzzle: PUZZLE, solution: SOLUTION }))
writeFileSync(join(folder, 'p.jsonl'), `${lines.join('\n')}\n`)
writeFileSync(join(folder, 'checkpoint.pt'), sudokuFile())

function expectSilence({ opened, watched, stdout, stderr }: Watched): void {
  expect(watched).toContain('a process')
  expect(opened).toEqual([])
  // Whatever is told of hostile ids steers no terminal.
  expect(`${stdout}${stderr}`).not.toMatch(/(?![\n\t])\p{Cc}/u)
}

/** Well-formed, and nothing that runs or loads. */
function expectHarmless(svg: string): void {
  const parser = new SaxesParser({ fragment: false })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    expect(name).not.toMatch(/script|foreign|^image$|iframe|^a$/i)
    expect(Object.keys(attributes).filter((attribute) => /^on|href/.test(attribute))).toEqual([])
  })
  parser.write(svg).close()
}

/** The SVGs inside a page, and what is around them. */
function expectHarmlessPage(html: string): void {
  const svgs = html.match(/<svg [\s\S]*?<\/svg>/g) ?? []
  expect(svgs.length).toBeGreaterThan(3)
  for (const svg of svgs)
    expectHarmless(svg.includes('xmlns=') ? svg : svg.replace('<svg ', '<svg xmlns="" '))
  const rest = html.replaceAll(/<svg [\s\S]*?<\/svg>/g, '')
  const tags = new Set(
    [...rest.matchAll(/<([a-z][a-z0-9]*)\b([^>]*)>/gi)].map(([, name]) => name!.toLowerCase()),
  )
  for (const name of ['script', 'img', 'iframe', 'link', 'object']) expect(tags).not.toContain(name)
  expect(rest).not.toMatch(/<[^>]*\son\w+=/i)
  const places = [...rest.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, place]) => place!)
  for (const place of places) expect(place).toMatch(/^data:(image\/svg\+xml|text\/csv);base64,/)
}

describe('nothing is opened to the network', () => {
  it('but the watch would see it, in threads and started programs too', () => {
    const job = `import { connect } from 'node:net'\nconnect(9, '127.0.0.1').on('error', () => {})`
    const program = `
      import { spawnSync } from 'node:child_process'
      import { createSocket } from 'node:dgram'
      import { lookup } from 'node:dns'
      import { Worker } from 'node:worker_threads'
      lookup('localhost', () => {})
      createSocket('udp4').close()
      fetch('http://127.0.0.1:8119/').catch(() => {})
      spawnSync(process.execPath, ['job.mjs'])
      new Worker('./job.mjs')`
    writeFileSync(join(folder, 'job.mjs'), job)
    writeFileSync(join(folder, 'program.mjs'), program)
    const { opened, watched } = watch(folder, ['program.mjs'])
    expect([...watched].sort()).toEqual(['a process', 'a process', 'a thread'])
    for (const kind of ['GETADDRINFOREQWRAP', 'UDPWRAP', 'TCPWRAP', 'TCPCONNECTWRAP'])
      expect(opened).toContain(`${kind} in a process`)
    expect(opened).toContain('TCPWRAP in a thread')
    // The other program's and that of fetch.
    expect(opened.filter((line) => line === 'TCPWRAP in a process')).toHaveLength(2)
  })

  it('when puzzles are solved, on threads', () => {
    const run = watchPtrm(folder, ['solve', 'p.jsonl', '--rollouts', '4', '--json'])
    expectSilence(run)
    expect(run.watched).toContain('a thread')
    expect(run.status).toBe(0)
    const told = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(told.map(({ id }) => id)).toEqual(IDS)
  })

  it('when boards are drawn', () => {
    const run = watchPtrm(folder, ['show', 'p.jsonl', '--svg', 'board.svg'])
    expectSilence(run)
    expect(run.status).toBe(0)
    const pictures = readdirSync(folder).filter((name) => /^board-\d+\.svg$/.test(name))
    expect(pictures).toHaveLength(IDS.length)
    for (const name of pictures) expectHarmless(readFileSync(join(folder, name), 'utf8'))
  })

  it('when a model is measured, and the report runs nothing', () => {
    const plan = ['--rollouts', '2', '--steps', '2']
    const run = watchPtrm(folder, ['eval', 'p.jsonl', ...plan, '-o', 'run'])
    expectSilence(run)
    expect(run.status).toBe(0)
    const report = watchPtrm(folder, ['report', 'run', '--puzzles', 'p.jsonl', '--puzzle', IDS[1]!])
    expectSilence(report)
    expect(report.stderr).not.toMatch(/\n {4}at /)
    expect(report.status).toBe(0)
    expectHarmlessPage(readFileSync(join(folder, 'run', 'report.html'), 'utf8'))
    const files = readdirSync(join(folder, 'run', 'report')).filter((name) => name.endsWith('.svg'))
    for (const name of files) expectHarmless(readFileSync(join(folder, 'run', 'report', name), 'utf8'))
  })

  it.each([
    ['check', 'p.jsonl'],
    ['models', '--json'],
    [
      'import',
      'checkpoint.pt',
      '-o',
      'model.safetensors',
      '--kind',
      'sudoku',
      '--prefix',
      '2',
      '--h-cycles',
      '1',
      '--l-cycles',
      '1',
    ],
    ['export', 'sudoku', '--onnx', 'model.onnx'],
    ['show', 'https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g'],
  ])('by ptrm %s %s', (...args) => {
    const run = watchPtrm(folder, args)
    expect(run.stderr).not.toMatch(/unknown (option|command)|Usage:/)
    expectSilence(run)
  })
})
