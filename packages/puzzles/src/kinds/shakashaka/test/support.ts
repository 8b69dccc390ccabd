/** What tests must know of Shakashaka. */
import type { KindSupport } from '../../../../test/support.ts'
import { wallSupport } from '../../../../test/walls.ts'
import type { ShakashakaPuzzle } from '../index.ts'

const walls = wallSupport<ShakashakaPuzzle>('shakashaka')

export const support: KindSupport<ShakashakaPuzzle> = {
  ...walls,
  answers: 5,
  // Triangles with their right angle at the lower left, lower right, upper right, upper left are 2 to 5.
  turnedAnswers: { mirror: [0, 1, 3, 2, 5, 4], transpose: [0, 1, 4, 3, 2, 5] },
  pzpr: {
    ...walls.pzpr,
    put: (cell, token) => {
      cell.qans = token === 1 ? 0 : token
    },
    codes: [
      [/^no triangle/, 'brNoTriangle'],
      [/^more than \d triangles/, 'nmTriangleGt'],
      [/^fewer than \d triangles/, 'nmTriangleLt'],
      [/^white area is not a rectangle$/, 'cuNotRectx'],
    ],
  },
}
