/** The clock of the benchmarks. */

/**
 * Milliseconds of CPU time: what others on the machine take does not count. Of the whole process, as onnxruntime-node
 * computes on a thread of its own; what needs more threads gains nothing by them.
 */
export async function cpuMs(run: () => unknown): Promise<number> {
  const start = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
