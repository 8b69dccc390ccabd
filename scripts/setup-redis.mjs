/**
 * Gets a Redis for the tests of runs over many machines, where there is none: Debian's as root. Its package of tools holds
 * the program and starts no service. Exits with 1 where none can be had. Runs on the pinned Node, after set-up.
 */
import { findRedis } from '../packages/queue/test/redis-server.ts'
import { aptInstall } from './attempt.mjs'

if (findRedis() === undefined) aptInstall('redis-server', 'redis-tools')
process.exit(findRedis() === undefined ? 1 : 0)
