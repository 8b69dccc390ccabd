/** Our packages as npm would get them: packed from this checkout. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run.ts'

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly license?: string
  readonly description?: string
  readonly keywords?: readonly string[]
  readonly homepage?: string
  readonly bugs?: string
  readonly repository?: { readonly directory?: string; readonly url?: string }
  readonly publishConfig?: { readonly access?: string }
  readonly engines?: { readonly node?: string }
  readonly exports?: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** The packages that can be published, without the scope. */
export function packageNames(): string[] {
  return readdirSync(join(ROOT, 'packages')).filter(
    (name) => !readManifest(join(ROOT, 'packages', name)).private,
  )
}

/** Ours that come with a package, itself among them, without the scope. */
export function oursOf(name: string): string[] {
  const { dependencies = {} } = readManifest(join(ROOT, 'packages', name))
  const needed = Object.keys(dependencies).filter((other) => other.startsWith('@ptrm/'))
  return [...new Set([name, ...needed.flatMap((other) => oursOf(other.slice('@ptrm/'.length)))])]
}

/** Packs every package into `folder`/tarballs. */
export async function packAll(folder: string): Promise<void> {
  await run(
    'pnpm',
    ['-r', '--filter', './packages/*', 'pack', '--pack-destination', join(folder, 'tarballs')],
    {
      cwd: ROOT,
    },
  )
}

/** What `packAll` packed. */
export function tarballOf(folder: string, name: string): string {
  const { version } = readManifest(join(ROOT, 'packages', name))
  return join(folder, 'tarballs', `ptrm-${name}-${version}.tgz`)
}
