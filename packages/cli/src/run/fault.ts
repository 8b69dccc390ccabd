/** A line of a run folder that can't be used, told on stderr: its puzzle costs its time once more. */

export function tellFault(fault: string): void {
  process.stderr.write(`${fault}; the line is dropped and its puzzle run again\n`)
}
