/**
 * Loaded before a program (`NODE_OPTIONS=--import`), in each of its threads and in what Node programs it starts: writes down
 * every socket, connection and look-up of a name that Node opens, whoever asks for it.
 */
import { createHook } from 'node:async_hooks'
import { appendFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const file = process.env.PTRM_WATCHED
const NETWORK = /^(TCP|UDP|TLS|GETADDRINFO|GETNAMEINFO|QUERY|HTTP|DNS|QUIC)/

appendFileSync(file, `watching ${isMainThread ? 'a process' : 'a thread'}\n`)
createHook({
  init(_, type) {
    if (NETWORK.test(type)) appendFileSync(file, `${type} ${isMainThread ? 'in a process' : 'in a thread'}\n`)
  },
}).enable()
