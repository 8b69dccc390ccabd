/** The `ptrm` process: runs the command that its arguments name, and says how it went in an exit code. */
import { CommanderError } from 'commander'
import { program } from './program.ts'
import { BAD_INPUT } from './run/exit.ts'
import { exitCodeFor, tell, wasTold, watchOutput, written } from './run/output.ts'

async function main(): Promise<void> {
  watchOutput()
  try {
    await program().parseAsync()
  } catch (error) {
    process.exitCode = exitCodeFor(await tellError(error))
  }
  // Some reads, as of a pipe that a path names, can't be taken back: they would hold the process until more comes.
  if (Number(process.exitCode ?? 0) > 1) {
    await written()
    process.exit()
  }
}

/** Returns the exit code. */
async function tellError(error: unknown): Promise<number> {
  // Commander has told it itself.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT
  if (wasTold(error)) return BAD_INPUT
  // Telling errors apart loads their classes, and so the engines.
  const { exitCodeOf, messageOf } = await import('./run/failure.ts')
  await tell(messageOf(error))
  return exitCodeOf(error)
}

await main()
