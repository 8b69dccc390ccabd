/** Python's pip as the way to packages: it knows this machine's index, and checks what it gets against the index's sha256. */
import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { installError } from './errors.ts'

/** What onnxruntime-gpu's wheels and NVIDIA's are named for. */
const PLATFORMS = ['manylinux_2_28_x86_64', 'manylinux_2_27_x86_64', 'manylinux2014_x86_64']
/** Of the wheel alone: this Python need not be able to run it. */
const PYTHON_VERSION = '3.12'
const ERROR_LINES = 8

/** The arguments with which pip unpacks packages or a wheel into a folder. */
export function pipInstall(packages: readonly string[], into: string): string[] {
  const tags = basename(packages[0]!).match(/-cp(\d)(\d+)-.*-([^-]+)\.whl$/)
  const version = tags ? `${tags[1]}.${tags[2]}` : PYTHON_VERSION
  const platforms = tags ? tags[3]!.split('.') : PLATFORMS
  return [
    ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-compile'],
    ...['--only-binary=:all:', '--implementation', 'cp', '--python-version', version],
    ...platforms.flatMap((platform) => ['--platform', platform]),
    ...['--target', into, ...packages],
  ]
}

/** Runs pip. Throws `BackendUnavailableError` with its own words and the way without it. */
export function runPip(python: string, args: readonly string[], otherwise: string): void {
  const { status, stderr, error } = spawnSync(python, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status === 0) return
  const words = error?.message ?? stderr.trim().split('\n').slice(-ERROR_LINES).join('\n')
  throw installError(`${[python, ...args].join(' ')} failed:\n${words}\n${otherwise}`, error)
}
