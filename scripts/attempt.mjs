/** Commands that a set-up may do without: run in silence, and told where they fail. */
import { spawnSync } from 'node:child_process'

/** Runs a command; keeps the end of what it said where it fails. Ten minutes at most. Returns whether it went well. */
export function attempt(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 600_000 })
  if (status === 0) return true
  const said = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-3).join('\n')
  process.stderr.write(`  ${command} ${args.join(' ')}: ${said}\n`)
  return false
}

/** Installs Debian's packages for `what`, as root. Elsewhere apt may hold a stand-in that runs nothing, or not be there. */
export function aptInstall(what, ...packages) {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).error) return
  process.stderr.write(`no ${what}: installing the one of this system\n`)
  if (attempt('apt-get', ['update']))
    attempt('apt-get', ['install', '-y', '--no-install-recommends', ...packages])
}
