/** `POST /v1/check`: the rules' word on an answer. Runs no model. */
import { judge } from '@ptrm/puzzles'
import { ANSWER } from '../errors.ts'
import { readJson } from '../http/body.ts'
import type { App } from '../http/context.ts'
import { readPuzzle, type Service } from '../service.ts'

export function addCheck(app: App, { schemas, settings }: Service): void {
  app.post('/v1/check', async (c) => {
    const request = await readJson(c, schemas.check, settings)
    const { kind, puzzle } = readPuzzle(request.puzzle, request.kind)
    const answer = kind.parseAnswer(puzzle, request.answer, ANSWER)
    const { verdict, violations, broken } = judge(kind, puzzle, answer)
    const svg = request.svg ? kind.toSvg(puzzle, answer, { violations }) : undefined
    return c.json({ kind: kind.name, verdict, violations: broken, url: kind.toUrl(puzzle), svg })
  })
}
