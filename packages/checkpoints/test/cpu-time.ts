/** Time that other work on the machine does not lengthen. */

/** CPU milliseconds of this thread since a point of its own; differences mean something. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
