/** The installed packages, as pnpm and their own manifests tell them. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Installed } from './policy.ts'

export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url))

/** The pinned pnpm's output. */
export function pnpm(...args: string[]): {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
} {
  return spawnSync(process.execPath, [join(ROOT, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs'), ...args], {
    ...{ cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 27, timeout: 120_000 },
  })
}

interface Listed {
  readonly name: string
  readonly versions: readonly string[]
  readonly paths: readonly string[]
  readonly license: string
}

/** `args` choose which packages' dependencies. Throws where pnpm can't tell, as when something is not installed. */
export function installed(...args: string[]): Installed[] {
  const { stdout, stderr, status } = pnpm('licenses', 'list', '--json', ...args)
  if (status !== 0) throw new Error(`pnpm can't list the licences:\n${stdout}${stderr}`)
  const groups = JSON.parse(stdout) as Record<string, readonly Listed[]>
  return Object.values(groups)
    .flat()
    .flatMap(({ name, versions, paths, license }) =>
      paths.map((path, i) => ({
        ...{ name, license, version: versions[i] ?? versions[0]! },
        hasInstallScript: runsAtInstall(path),
      })),
    )
}

/** npm and pnpm also build what holds a `binding.gyp`. */
function runsAtInstall(path: string): boolean {
  const { scripts = {} } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  return (
    ['preinstall', 'install', 'postinstall'].some((name) => name in scripts) ||
    existsSync(join(path, 'binding.gyp'))
  )
}
