/** Every command of the documents exists, with the options that it is given; the solves that are shown come out so. */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Block, blocks, documents, ROOT, read } from './blocks.ts'

const cli = dirname(createRequire(import.meta.url).resolve('@ptrm/cli/package.json'))
const ptrm = (...args: string[]) =>
  execFileSync(process.execPath, [join(cli, 'bin', 'ptrm.js'), ...args], {
    ...{ cwd: ROOT, encoding: 'utf8', stdio: 'pipe' },
  })

const helps = new Map<string, string>()
function helpOf(command: string): string {
  if (!helps.has(command)) helps.set(command, ptrm(command, '--help'))
  return helps.get(command)!
}

/** The lines that call `ptrm`, with continuations joined and remarks cut off. */
function calls({ code, where }: Block): { where: string; command: string; flags: string[] }[] {
  const lines = code.replaceAll('\\\n', ' ').split('\n')
  return lines.flatMap((line) => {
    const call = /(?:^|\s)ptrm (\w+)(.*)/.exec(line.replace(/ {2,}#.*/, ''))
    if (!call) return []
    const bare = call[2]!.replaceAll(/'[^']*'/g, '')
    const flags = [...bare.matchAll(/\s(--?[a-z][\w-]*)/g)].map(([, flag]) => flag!)
    return [{ where, command: call[1]!, flags }]
  })
}

const shells = blocks.filter(({ language }) => language === 'sh' || language === 'console')

describe('commands in the documents', () => {
  it('exist, with their options', () => {
    const all = shells.flatMap(calls)
    expect(all.length).toBeGreaterThan(20)
    for (const { where, command, flags } of all) {
      const help = helpOf(command)
      for (const flag of flags)
        expect(help, `${where}: ptrm ${command} ${flag}`).toMatch(RegExp(`${flag}\\b`))
    }
  })

  it('are scripts of package.json where npm runs them', () => {
    const { scripts } = JSON.parse(read('package.json'))
    for (const document of documents)
      for (const [, name] of read(document).matchAll(/npm run (?:--silent )?([\w:]+)/g))
        expect(Object.keys(scripts), `${document}: npm run ${name}`).toContain(name)
  })

  it('set up what they want, or are said to want it', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const rows = read('CONTRIBUTING.md').split('\n')
    const wantsSetup = (name: string) =>
      rows.some((row) => row.includes('after `npm run setup`') && RegExp(`[ \`]${name}\``).test(row))
    for (const document of documents)
      for (const [, name] of read(document).matchAll(/npm run (?:--silent )?([\w:]+)/g))
        if (!/^(node|bash) scripts\//.test(scripts[name!]))
          expect(wantsSetup(name!), `${document}: npm run ${name}`).toBe(true)
  })

  it('start the program where it lies, for who sends it signals', () => {
    const { bin, name } = JSON.parse(read('packages/cli/package.json'))
    const programs = shells.flatMap(({ code }) => [...code.matchAll(/\bnode (\S+ptrm\.js)/g)])
    expect(new Set(programs.map(([, program]) => program))).toEqual(
      new Set([join('packages/cli', bin.ptrm), join('node_modules', name, bin.ptrm)]),
    )
  })

  it('leave out the script of onnxruntime-node, which fails where its host can’t be reached', () => {
    for (const document of documents)
      for (const [call] of read(document).matchAll(/`(npm|npx) [^`]*onnxruntime-node[^`]*`/g))
        expect(call, document).toContain(' --ignore-scripts ')
  })

  /** Everything but the first line, which tells the time and which of the rollouts came first. */
  const board = (text: string) => text.trimEnd().split('\n').slice(1)

  it.each(shells.filter(({ language }) => language === 'console'))('$where prints this', ({ code }) => {
    const [call, ...output] = code.split('\n')
    const words = call!.match(/'[^']*'|\S+/g)!.map((word) => word.replaceAll("'", ''))
    const printed = ptrm(...words.slice(words.indexOf('ptrm') + 1))
    expect(board(printed)).toEqual(board(output.join('\n')))
    // How many rollouts had begun when one was right depends on the cores; one is no plural.
    const shape = (line: string) =>
      line.replaceAll(/-?\d+(\.\d+)?/g, 'N').replaceAll(/\b(rollout|step)s?(?=[,)])/g, '$1s')
    expect(shape(printed.split('\n')[0]!)).toBe(shape(output[0]!))
  })
})
