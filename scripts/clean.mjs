/** Empties `dist` of the package it is run in, so that no file of a source that is gone is packed. */
import { rmSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
