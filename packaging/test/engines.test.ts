/** Whether every package that ours need at run time allows the Node versions that ours promise. */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import semver from 'semver'
import { expect, it } from 'vitest'
import { type Manifest, packageNames, ROOT, readManifest } from '../src/packed.ts'

/** Folder of a dependency as Node finds it from a package's folder; undefined where it is not installed. */
function folderOf(dependency: string, from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', dependency)
    if (existsSync(folder)) return realpathSync(folder)
    if (at === dirname(at)) return undefined
  }
}

/** Every package below a folder that comes with it to a user: dependencies, optional ones where they are installed. */
function productionTree(folder: string, seen = new Map<string, Manifest>()): Map<string, Manifest> {
  if (seen.has(folder)) return seen
  const manifest = readManifest(folder)
  seen.set(folder, manifest)
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    const found = folderOf(dependency, folder)
    const optional = dependency in (manifest.optionalDependencies ?? {})
    if (!found && !optional) throw new Error(`${manifest.name}: ${dependency} is not installed`)
    if (found) productionTree(found, seen)
  }
  return seen
}

it.each(packageNames())('@ptrm/%s needs nothing that wants a newer Node', (name) => {
  const folder = join(ROOT, 'packages', name)
  const least = semver.minVersion(readManifest(folder).engines!.node!)!
  const tooNew = [...productionTree(realpathSync(folder)).values()]
    .filter(({ engines }) => engines?.node && !semver.satisfies(least, engines.node))
    .map(({ name, version, engines }) => `${name}@${version} wants Node ${engines!.node}`)
  expect(tooNew).toEqual([])
})
