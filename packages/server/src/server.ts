/** The running service: a socket, the app behind it, and how both come to their end. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type Logger, pino } from 'pino'
import { createApp } from './app.ts'
import { Engines } from './engines.ts'
import { readKeys } from './keys.ts'
import { drainingError, Life } from './life.ts'
import { Metrics } from './metrics.ts'
import { modelNames, openModels } from './models.ts'
import { Queue } from './queue.ts'
import { requestSchemas } from './schema/requests.ts'
import type { Service } from './service.ts'
import { SettingsError } from './settings/read.ts'
import type { Settings } from './settings/table.ts'

/** A service that listens. Whoever started it ends it. */
export interface RunningServer {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly url: string
  /**
   * Takes no more work, waits for what was accepted, at most as long as the settings say, and ends. False where that was not
   * long enough, so that some work was cut off.
   */
  drain(): Promise<boolean>
  /** Ends at once. */
  close(): Promise<void>
}

/** Time for the head of a request; for bodies the app has its own. */
const HEAD_MS = 10_000
/** How often connections are looked at for that. */
const LOOK_MS = 1000

/**
 * Starts the service, and an engine, so that one that can't run here is told at once. Rejects with `SettingsError`, with the
 * errors of models and engines, and where it can't listen.
 */
export async function startServer(settings: Settings): Promise<RunningServer> {
  const log = pino({ level: settings.log, base: null })
  const models = await openModels(settings.models)
  const keys = settings.keys === undefined ? undefined : readKeys(settings.keys)
  const engines = await Engines.open(models, settings)
  const queue = new Queue(settings.maxQueue)
  const service: Service = {
    ...{ settings, models, keys, queue, log },
    engines,
    life: new Life(),
    metrics: new Metrics(() => ({ ...engines.stats, depth: queue.depth })),
    schemas: requestSchemas(settings, modelNames(models)),
  }
  const server = serverOf(service)
  try {
    await listen(server, settings)
  } catch (error) {
    await engines.close()
    throw error
  }
  service.life.ready()
  const { port } = server.address() as AddressInfo
  const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`
  log.info({ url, models: models.map(({ name }) => name) }, 'ready')
  return {
    url,
    drain: () => drain(service, server),
    close: () => end(service, server, log),
  }
}

function serverOf(service: Service): Server {
  const app = createApp(service)
  // Not over the globals of whoever embeds it.
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createServer(
    // Not for bodies: that of a batch takes as long as its puzzles.
    {
      headersTimeout: Math.min(HEAD_MS, service.settings.patience),
      requestTimeout: 0,
      connectionsCheckingInterval: LOOK_MS,
    },
    (incoming, outgoing) => void listener(incoming, outgoing),
  )
  return server
}

function listen(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      reject(new SettingsError(`can't listen on ${host}:${port}: ${code ?? message}`)),
    )
    server.listen(port, host, resolve)
  })
}

async function drain(service: Service, server: Server): Promise<boolean> {
  const { life, queue, settings, log } = service
  life.drain()
  log.info({ open: queue.depth }, 'draining')
  const closed = closedOf(server)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), settings.drain)
  })
  const inTime = await Promise.race([closed.then(() => true), late])
  clearTimeout(timer)
  if (!inTime) life.stop(drainingError('the service ended before this was done'))
  await end(service, server, log)
  return inTime
}

/** Milliseconds for the last words of what was stopped: more than the pool gives the steps that it is in. */
const LAST_WORDS_MS = 1500

async function end({ life, engines }: Service, server: Server, log: Logger): Promise<void> {
  life.drain()
  life.stop(drainingError('the service ended before this was done'))
  const closed = closedOf(server)
  const timer = setTimeout(() => server.closeAllConnections(), LAST_WORDS_MS)
  await closed
  clearTimeout(timer)
  await engines.close()
  log.info('ended')
}

/** How often connections are looked for whose answer is out: clients like to keep them. */
const IDLE_MS = 50

/** Resolves when the last connection is closed; no new one is taken. */
function closedOf(server: Server): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_MS)
  return new Promise((resolve) =>
    server.close(() => {
      clearInterval(idle)
      resolve()
    }),
  )
}
