/** Kinds by name. */
import { expect, it } from 'vitest'
import { UnknownKindError } from './errors.ts'
import { kindNamed, kinds } from './registry.ts'

it('a name that no kind has is refused without a place, as it stands in no text', () => {
  const refused = () => kindNamed('chess' as string)
  expect(refused).toThrow(UnknownKindError)
  expect(refused).toThrow(/^no puzzle kind 'chess'; known: /)
  expect(refused).toThrow([...kinds.keys()].join(', '))
})
