/** The `ptrm` process: runs the command that its arguments name, and says how it went in an exit code. */
import { CommanderError } from 'commander'
import { program } from './program.ts'
import { exitCodeOf } from './run/exit.ts'
import { watchReader } from './run/reader.ts'

async function main(): Promise<void> {
  watchReader()
  try {
    await program().parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2
      return
    }
    process.stderr.write(`ptrm: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = exitCodeOf(error)
  }
}

await main()
