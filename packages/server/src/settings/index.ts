/** `@ptrm/server/settings`: the settings of the service and how they are read, for command lines. Loads no server. */
export { environmentName, readSettings, SettingsError, type Sources } from './read.ts'
export { LOG_LEVELS, type LogLevel, SETTINGS, type Setting, type Settings } from './table.ts'
export type { Parser } from './values.ts'
