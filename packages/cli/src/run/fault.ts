/** A line of a run folder that can't be used, told on stderr: its puzzle costs its time once more. */
import { tell } from './output.ts'

export function tellFault(fault: string): void {
  void tell(`${fault}; the line is dropped and its puzzle run again\n`)
}
