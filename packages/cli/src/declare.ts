/** How a command declares itself: one record beside what it does. */
import { type Argument, Command, Option } from 'commander'
import { exitCodeFor } from './run/output.ts'

export interface Declaration {
  readonly name: string
  /** One line, for the list of commands. */
  readonly description: string
  readonly arguments?: readonly Argument[]
  /** In the order of the help text. */
  readonly options: readonly Option[]
  /** What `--help` says below the options, before the exit codes: examples first. */
  readonly help: string
  /** What each exit code of it means, for `--help`. */
  readonly exitCodes: Readonly<Record<string, string>>
  /** Gets the arguments, then the flags; returns the exit code. */
  readonly action: (...args: never[]) => number | Promise<number>
}

/** The commander command of a declaration. */
export function declare(declaration: Declaration): Command {
  const { name, description, options, help, exitCodes, action } = declaration
  const command = new Command(name).description(description)
  for (const argument of declaration.arguments ?? []) command.addArgument(argument)
  for (const each of options) command.addOption(each)
  // Of all commands: scripts give it to whichever they call, also to those that write no colours.
  command.option('--no-color', 'no colours (also: NO_COLOR)')
  const codes = Object.entries(exitCodes).map(([code, meaning]) => `${code} ${meaning}`)
  const text = `${help}\nExit codes: ${codes.join(', ')}.\n`
  return command.addHelpText('after', text).action(async (...args) => {
    process.exitCode = exitCodeFor(await action(...(args as never[])))
  })
}

/** An option; `parse` makes its value of the text, and gets the value before for one that is given several times. */
export function option<Value>(
  flags: string,
  description: string,
  parse?: (text: string, before: Value) => Value,
): Option {
  const made = new Option(flags, description)
  return parse ? made.argParser(parse) : made
}
