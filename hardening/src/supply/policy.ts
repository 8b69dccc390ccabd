/** What a dependency may be: its licence, where it comes from, and whether it may run something when it is installed. */

/** Of what the packages of ours bring along: they ask for no more than a notice. */
export const FREE: readonly string[] = [
  ...[
    'MIT',
    'ISC',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    '0BSD',
    'BlueOak-1.0.0',
    'CC0-1.0',
    'Unlicense',
    'Zlib',
  ],
]

/** Other licences of tools and data that we use and never ship, each by name. */
export const TOOLS: Readonly<Record<string, string>> = {
  '@axe-core/playwright': 'MPL-2.0',
  'axe-core': 'MPL-2.0',
  lightningcss: 'MPL-2.0',
  'caniuse-lite': 'CC-BY-4.0',
  'spdx-exceptions': 'CC-BY-3.0',
  argparse: 'Python-2.0',
  // Its package.json says no more; its licence file is that of BSD-3-Clause.
  speakingurl: 'BSD',
}

/** A package as it is installed. */
export interface Installed {
  readonly name: string
  readonly version: string
  /** As its package.json says: an SPDX expression. */
  readonly license: string
  /** Whether installing it would run something of its own. */
  readonly hasInstallScript: boolean
}

/** Licences that are not on the list, each with its package. `isShipped` lets none of the tools' pass. */
export function licenceFaults(packages: readonly Installed[], isShipped: boolean): string[] {
  return packages
    .filter(({ name, license }) => !isFree(license) && (isShipped || toolLicence(name) !== license))
    .map(({ name, version, license }) => `${name}@${version} has the licence ${license}`)
}

/** Binaries of a tool for one platform go by its name and the platform's. */
function toolLicence(name: string): string | undefined {
  const tool = Object.keys(TOOLS).find(
    (one) =>
      name === one || (name.startsWith(`${one}-`) && /-(linux|darwin|win32|freebsd|android)-/.test(name)),
  )
  return tool === undefined ? undefined : TOOLS[tool]
}

/** Of `A OR B` one must be on the list, of `A AND B` both; what is in brackets inside of that is on no list. */
function isFree(expression: string): boolean {
  const bare = /^\((.*)\)$/.exec(expression)?.[1] ?? expression
  return bare.split(' OR ').some((option) => option.split(' AND ').every((one) => FREE.includes(one)))
}

/** pnpm's settings about install scripts. */
export interface BuildSettings {
  readonly onlyBuiltDependencies?: readonly string[]
  readonly ignoredBuiltDependencies?: readonly string[]
  readonly strictDepBuilds?: boolean
}

/** The one package that may run something when it is installed: it puts the pinned Node into its place. */
const BUILDER = 'node'

/** Packages with an install script that no one has looked at, and settings that would let one run. */
export function scriptFaults(packages: readonly Installed[], settings: BuildSettings): string[] {
  const { onlyBuiltDependencies: only = [], ignoredBuiltDependencies: ignored = [] } = settings
  const faults = []
  if (only.join() !== BUILDER)
    faults.push(`onlyBuiltDependencies is [${only.join(', ')}]; only ${BUILDER} may run an install script`)
  if (settings.strictDepBuilds !== true) faults.push('strictDepBuilds is not true')
  const scripted = new Set(
    packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name),
  )
  for (const name of scripted)
    if (name !== BUILDER && !ignored.includes(name)) faults.push(`${name} has an install script that is new`)
  for (const name of ignored)
    if (!scripted.has(name)) faults.push(`${name} has no install script any more; take it off the list`)
  return faults
}

/** Packages that would run something where someone installs ours. */
export function shippedScriptFaults(shipped: readonly Installed[]): string[] {
  return shipped
    .filter(({ hasInstallScript }) => hasInstallScript)
    .map(({ name, version }) => `${name}@${version} has an install script, and is shipped`)
}

/** The part of a lock file that is looked at. */
export interface LockFile {
  readonly packages?: Readonly<Record<string, { readonly resolution?: Readonly<Record<string, unknown>> }>>
}

/** Packages that do not come from the registry, or whose bytes no hash holds. */
export function lockFaults({ packages = {} }: LockFile): string[] {
  const entries = Object.entries(packages)
  if (entries.length === 0) return ['the lock file names no package']
  return entries.flatMap(([name, { resolution = {} }]) => {
    const { integrity, ...others } = resolution
    if (typeof integrity !== 'string' || !/^sha512-/.test(integrity))
      return [`${name} has no sha512 in the lock file`]
    const [other] = Object.keys(others)
    return other === undefined ? [] : [`${name} has a ${other} of its own in the lock file`]
  })
}

export interface Audit {
  /** One sentence: what was found, or why there is no answer. */
  readonly text: string
  readonly faults: readonly string[]
}

interface Advisory {
  readonly severity?: string
  readonly module_name?: string
  readonly title?: string
  readonly url?: string
}

const FAILING = ['high', 'critical']

/** What `pnpm audit --json` said. A registry that does not answer is no fault of ours. */
export function readAudit(output: string): Audit {
  let answer: { advisories?: Record<string, Advisory>; error?: { message?: string } } | undefined
  try {
    answer = JSON.parse(output)
  } catch {
    answer = undefined
  }
  if (typeof answer?.advisories !== 'object' || answer.advisories === null) {
    // The message names the registry and its paths, which say nothing to a reader.
    const reason = answer?.error?.message?.replaceAll(/ \(at [^)]*\)|https?:\/\/\S+/g, '').trim()
    return {
      text: `not asked for known weaknesses: the registry gave no answer${reason ? ` (${reason})` : ''}`,
      faults: [],
    }
  }
  const all = Object.values(answer.advisories)
  const faults = all
    .filter(({ severity = '' }) => FAILING.includes(severity))
    .map(({ module_name, severity, title, url }) => `${module_name}: ${severity}: ${title} (${url})`)
  return { text: `${all.length} known weaknesses, ${faults.length} of them high or critical`, faults }
}
