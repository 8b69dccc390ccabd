/** Tests that are rows of the table. */
import { inject, it } from 'vitest'
import { addRow, type Row } from './table.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of this run: tarballs, apps, what came of it. */
    readonly workshop: string
  }
}

/** A test that is a row of the table; `timeout` in milliseconds, by default as the configuration says. */
export function itsRow(row: Omit<Row, 'result'>, test: () => Promise<void>, timeout?: number): void {
  const name = [row.runtime, row.bundler, row.what].filter((part) => part !== '').join(', ')
  it(
    name,
    async () => {
      const record = (result: string) => addRow(inject('workshop'), { ...row, result })
      try {
        await test()
        record('works')
      } catch (error) {
        record('FAILS')
        throw error
      }
    },
    timeout,
  )
}
