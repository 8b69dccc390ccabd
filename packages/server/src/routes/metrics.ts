/** `GET /metrics`: counters and histograms as Prometheus reads them. */
import type { App } from '../http/context.ts'
import type { Service } from '../service.ts'

export function addMetrics(app: App, { metrics }: Service): void {
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }))
}
