import { connect, RedisError } from '@ptrm/queue'

const error = await connect('redis://127.0.0.1:1').catch((error) => error)
if (!(error instanceof RedisError)) throw error
console.log('done')
