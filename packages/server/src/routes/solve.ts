/** `POST /v1/solve`: one puzzle in, its answer out. */

import { readJson } from '../http/body.ts'
import type { App } from '../http/context.ts'
import { type Service, solve } from '../service.ts'

export function addSolve(app: App, service: Service): void {
  app.post('/v1/solve', async (c) => {
    const work = service.life.begin(c.req.raw.signal)
    try {
      const request = await readJson(c, service.schemas.solve, service.settings)
      const leave = service.queue.enter()
      try {
        return c.json(await solve(service, request, { client: c.get('client'), signal: work.signal }))
      } finally {
        leave()
      }
    } finally {
      work.done()
    }
  })
}
