/** Redis for the time of a command. */
import { connect } from '@ptrm/queue'
import { tell } from '../run/output.ts'

type Redis = Awaited<ReturnType<typeof connect>>

/** Does `work` with a connection, and says on stderr when it is lost. Rejects with `RedisError` where there is none. */
export async function connected<Result>(
  url: string,
  work: (redis: Redis) => Promise<Result>,
): Promise<Result> {
  const redis = await connect(url, (trouble) => void tell(`${trouble}; waiting for it\n`))
  try {
    return await work(redis)
  } finally {
    // Not by QUIT, which would wait for a Redis that is gone.
    redis.disconnect()
  }
}
