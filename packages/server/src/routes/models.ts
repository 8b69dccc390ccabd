/** `GET /v1/models`: what is served, and what plan each model recommends. */
import type { App } from '../http/context.ts'
import type { Service } from '../service.ts'

export function addModels(app: App, { models }: Service): void {
  const list = models.map(({ bytes: _, ...told }) => told)
  app.get('/v1/models', (c) => c.json({ models: list }))
}
