/** What a time was taken on; without it a number can't be compared. */
import { availableParallelism, cpus, loadavg } from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  /** Mean count of busy processes over the last minute, other people's work included. */
  readonly load: number
  readonly node: string
  readonly v8: string
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    load: loadavg()[0]!,
    node: process.versions.node,
    v8: process.versions.v8,
  }
}

/** The machine's part of a record's file name. */
export function machineSlug({ cpu }: Machine): string {
  return cpu
    .toLowerCase()
    .replace(/\((r|tm)\)/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
