/**
 * `@ptrm/server`: the HTTP service behind `ptrm serve`.
 *
 * @module main
 */
export { newKey } from './keys.ts'
export { type RunningServer, startServer } from './server.ts'
export * from './settings/index.ts'
