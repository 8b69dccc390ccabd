import { readFileSync } from 'node:fs'
import { bundledModel } from '@ptrm/models'
import { readModel } from '@ptrm/orchestrator'
import { expect, it } from 'vitest'
import { NOISE } from './plan-controls.ts'

it.each(Object.entries(NOISE))('the noise for %s is what its bundled model recommends', (kind, sigma) => {
  const { weights } = bundledModel(kind)!
  expect(readModel(readFileSync(weights)).recommended.sigma).toBe(sigma)
})
