/** The `ptrm` process: runs the command that its arguments name, and says how it went in an exit code. */
import { CommanderError } from 'commander'
import { program } from './program.ts'
import { BAD_INPUT } from './run/exit.ts'
import { watchReader } from './run/reader.ts'

async function main(): Promise<void> {
  watchReader()
  try {
    await program().parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : BAD_INPUT
      return
    }
    // Telling errors apart loads their classes, and so the engines.
    const { exitCodeOf, messageOf } = await import('./run/failure.ts')
    process.stderr.write(messageOf(error))
    process.exitCode = exitCodeOf(error)
  }
}

await main()
