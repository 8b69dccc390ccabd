/** Every registered kind holds both contracts. */
import { describe, expect, it } from 'vitest'
import { faceContract } from './face.contract.ts'
import { kindContract } from './kind.contract.ts'
import { kinds } from './registry.ts'

it('are registered under their own names', () => {
  for (const [name, kind] of kinds) expect(kind.name).toBe(name)
})

describe.each([...kinds.values()])('kind $name', (kind) => kindContract(kind))
describe.each([...kinds.values()])('the face of $name', (kind) => faceContract(kind))
