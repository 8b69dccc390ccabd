/** Folders that npm installed our packed packages into, as their users would. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageNames, tarballOf } from './packed.ts'
import { run } from './run.ts'

/** The app that depends on every package. */
export const ALL = 'all'

export function appFolder(workshop: string, app: string): string {
  return join(workshop, 'apps', app)
}

/** Where npm put a package in an app. */
export function installedFolder(workshop: string, app: string, name: string): string {
  return join(appFolder(workshop, app), 'node_modules', '@ptrm', name)
}

/** The packages are not in the registry: what they need of each other comes from their tarballs too. */
export function overridesOf(workshop: string): Record<string, string> {
  return Object.fromEntries(
    packageNames().map((name) => [`@ptrm/${name}`, `file:${tarballOf(workshop, name)}`]),
  )
}

/** Installs what the folder's package.json names, and more. */
export async function npmInstall(folder: string, ...more: readonly string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline']
  await run('npm', ['install', ...quiet, ...more], { cwd: folder, timeout: 300_000 })
}

/** One app for each package, which depends on nothing else, and one for all of them. */
export async function installApps(workshop: string): Promise<void> {
  const names = packageNames()
  const overrides = overridesOf(workshop)
  for (const app of [...names, ALL]) {
    const wanted = app === ALL ? names : [app]
    const folder = appFolder(workshop, app)
    mkdirSync(folder, { recursive: true })
    const dependencies = Object.fromEntries(
      wanted.map((name) => [`@ptrm/${name}`, overrides[`@ptrm/${name}`]]),
    )
    const manifest = { name: 'app', private: true, type: 'module', dependencies, overrides }
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
    await npmInstall(folder)
    cpSync(new URL('../programs', import.meta.url), join(folder, 'programs'), { recursive: true })
  }
}
