/** What the command line says of itself. */
import { readdirSync, readFileSync } from 'node:fs'
import { backends } from '@ptrm/orchestrator/choices'
import { kinds } from '@ptrm/puzzles'
import { describe, expect, it } from 'vitest'
import { ptrm } from '../test/ptrm.ts'
import { listed } from './options/groups.ts'
import { program } from './program.ts'

const names = program()
  .commands.map((command) => command.name())
  .filter((name) => name !== 'help')

/** `ptrm NAME --help` without line breaks in texts, and with lists of the registries by name: a new kind changes none. */
function helpOf(name: string): string {
  const command = program().commands.find((command) => command.name() === name)!
  let help = ''
  command.configureOutput({ getOutHelpWidth: () => 1000, writeOut: (text) => (help += text) }).outputHelp()
  return help.replaceAll(listed(kinds.keys()), 'KINDS').replaceAll(listed(backends), 'BACKENDS')
}

describe('help', () => {
  it.each(names)('of %s is as it was, with an example and exit codes', async (name) => {
    const help = helpOf(name)
    expect(help).toContain(`\nExamples:\n  ptrm ${name}`)
    expect(help).toMatch(/\nExit codes: 0 .*, 2 bad input or usage[,.]/)
    expect(help).not.toMatch(/ (docs|examples|packages)\//)
    expect(help).not.toContain('default: "')
    await expect(help).toMatchFileSnapshot(`../test/help/${name}.txt`)
  })

  it('lists the command of every file', () => {
    const files = readdirSync(new URL('commands', import.meta.url)).filter((file) => !file.includes('.test.'))
    expect(files.map((file) => file.replace('.ts', ''))).toEqual([...names].sort())
    const { stdout } = ptrm(['--help'])
    for (const name of names) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'))
  })
})

describe('ptrm', () => {
  it.each([
    [['help'], ['--help']],
    [
      ['help', 'check'],
      ['check', '--help'],
    ],
  ])('%j is %j', (args, flag) => {
    const { stdout, status } = ptrm(args)
    expect([stdout, status]).toEqual([ptrm(flag).stdout, 0])
    expect(stdout).toContain('Usage: ptrm')
  })

  it.each(names)('%s takes --no-color, as scripts give it to all', (name) => {
    expect(
      program()
        .commands.find((command) => command.name() === name)!
        .opts(),
    ).toMatchObject({ color: true })
    expect(helpOf(name)).toContain('--no-color')
  })

  it('doctor runs without colours', () => {
    const { stdout, status } = ptrm(['doctor', '--no-color'])
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^wasm /m)])
    expect(stdout).not.toContain('\u001b')
  })

  it('has the version of its package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    expect(ptrm(['--version']).stdout).toBe(`${version}\n`)
  })

  it.each([
    [['slove'], "error: unknown command 'slove'\n(Did you mean solve?)\n"],
    [['help', 'slove'], "error: unknown command 'slove'\n(Did you mean solve?)\n"],
    [['help', 'nothing'], "error: unknown command 'nothing'\n"],
    [['solve', '1', '--rolouts', '2'], "error: unknown option '--rolouts'\n(Did you mean --rollouts?)\n"],
    [
      ['eval', '1', '-o', 'x', '--sigmas', '2'],
      "error: unknown option '--sigmas'\n(Did you mean --sigma?)\n",
    ],
  ])('names what comes nearest to %j', (args, message) => {
    const { stderr, stdout, status } = ptrm(args)
    expect([stdout, stderr, status]).toEqual(['', message, 2])
  })
})
