/** What every request carries along, and the kind of app that its routes are added to. */

import type { HttpBindings } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Logger } from 'pino'

export interface Environment {
  Bindings: HttpBindings
  Variables: {
    readonly requestId: string
    readonly log: Logger
    /** Who calls: the name of a key, else an address. */
    client: string
  }
}

export type App = OpenAPIHono<Environment>
export type Call = Context<Environment>
