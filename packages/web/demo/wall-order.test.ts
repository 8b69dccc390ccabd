import { describe, expect, it } from 'vitest'
import { columnsFor, withSureFirst } from './wall-order.ts'

describe('the order of the wall', () => {
  const sure = (...numbers: number[]) => {
    const set = new Set(numbers)
    return (number: number) => set.has(number)
  }

  it('lets those that became sure change places with the first that are not, and moves no other', () => {
    expect(withSureFirst([0, 1, 2, 3, 4], sure(4))).toEqual([0, 4, 2, 3, 1])
    expect(withSureFirst([0, 4, 2, 3, 1], sure(4, 1))).toEqual([0, 4, 1, 3, 2])
    expect(withSureFirst([0, 1, 2, 3, 4], sure(3, 4))).toEqual([0, 3, 4, 1, 2])
  })

  it('moves nothing where all stand right, and the first never', () => {
    expect(withSureFirst([0, 4, 1, 3, 2], sure(4, 1))).toEqual([0, 4, 1, 3, 2])
    expect(withSureFirst([0, 1, 2], sure())).toEqual([0, 1, 2])
    expect(withSureFirst([0, 1, 2], sure(0, 1, 2))).toEqual([0, 1, 2])
    expect(withSureFirst([], sure())).toEqual([])
  })

  it('sends one that is sure no longer back', () => {
    expect(withSureFirst([0, 4, 1, 3, 2], sure(1))).toEqual([0, 1, 4, 3, 2])
  })
})

describe('the columns of the wall', () => {
  const room = { width: 540, height: 540, gap: 6 }
  const sideAt = (columns: number) => (room.width + room.gap) / columns - room.gap

  it('makes tiles as large as there is room for', () => {
    expect(columnsFor(64, 9, room)).toBe(8)
    expect(columnsFor(64, 9, { ...room, height: 400 })).toBe(10)
    expect(columnsFor(16, 9, room)).toBe(4)
  })

  it('lets large boards have large tiles, though the wall gets higher', () => {
    expect(sideAt(columnsFor(64, 50, room))).toBeGreaterThanOrEqual(125)
    expect(sideAt(columnsFor(256, 9, room))).toBeGreaterThanOrEqual(34)
  })

  it('blows nothing up', () => {
    expect(sideAt(columnsFor(1, 9, room))).toBeLessThanOrEqual(132)
  })
})
