/** What runs over many machines need of others: it does not come with the command, since most who install it want none. */
import { UsageError } from '../input.ts'

/** Loads code that needs BullMQ. Rejects with `UsageError`, which says how to get it, where it is not installed. */
export async function withQueue<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ERR_MODULE_NOT_FOUND' || !/'(bullmq|ioredis)'/.test(message)) throw error
    throw new UsageError(
      'runs over many machines want bullmq and ioredis, which do not come with ptrm: npm install bullmq@6 ioredis@5',
      { cause: error },
    )
  }
}
