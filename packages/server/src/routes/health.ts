/** `/healthz`: the process answers. `/readyz`: it takes work; not before an engine has started, nor once it is told to end. */
import type { App } from '../http/context.ts'
import type { Service } from '../service.ts'

export function addHealth(app: App, { life }: Service): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', (c) => c.json({ status: life.state }, life.state === 'ok' ? 200 : 503))
}
