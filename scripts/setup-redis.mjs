/**
 * Gets a Redis for the tests of runs over many machines, where there is none: Debian's as root. Its package of tools holds
 * the program and starts no service. Exits with 1 where none can be had. Runs on the pinned Node, after set-up.
 */
import { spawnSync } from 'node:child_process'
import { findRedis } from '../packages/queue/test/redis-server.ts'

/** Runs apt-get in silence; keeps the end of what it said where it fails. */
function apt(...args) {
  const { status, error, stdout, stderr } = spawnSync('apt-get', args, { encoding: 'utf8', timeout: 600_000 })
  if (status === 0) return true
  const said = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-3).join('\n')
  process.stderr.write(`  apt-get ${args.join(' ')}: ${said}\n`)
  return false
}

if (findRedis() === undefined && process.getuid?.() === 0 && !spawnSync('apt-get', ['--version']).error) {
  process.stderr.write('no redis-server: installing the one of this system\n')
  if (apt('update')) apt('install', '-y', '--no-install-recommends', 'redis-tools')
}
process.exit(findRedis() === undefined ? 1 : 0)
