/** Where things lie in a cell, in parts of its side, y downwards: the same for SVG and canvases. */
import type { Ground } from './picture.ts'

export type Point = readonly [x: number, y: number]

/** The half-square of a ground that is one. */
export const TRIANGLES: Readonly<Partial<Record<Ground, readonly Point[]>>> = {
  'lower-left': cornersWithout(2),
  'lower-right': cornersWithout(3),
  'upper-right': cornersWithout(0),
  'upper-left': cornersWithout(1),
}

function cornersWithout(left: number): readonly Point[] {
  const corners: readonly Point[] = [
    [0, 1],
    [1, 1],
    [1, 0],
    [0, 0],
  ]
  return corners.filter((_, i) => i !== left)
}

/** From the baseline of a text up to its middle, in font sizes: not every renderer centres by itself. */
export const BASELINE = 0.36

/** How several texts share a cell: their font size, and how far from the middle each stands. */
const SPREADS: Readonly<Record<number, { readonly size: number; readonly at: readonly Point[] }>> = {
  2: {
    size: 0.45,
    at: [
      [-0.2, -0.18],
      [0.2, 0.18],
    ],
  },
  3: {
    size: 0.4,
    at: [
      [-0.25, -0.18],
      [0, 0.22],
      [0.25, -0.18],
    ],
  },
  4: {
    size: 0.375,
    at: [
      [0, -0.27],
      [0.27, 0],
      [0, 0.27],
      [-0.27, 0],
    ],
  },
}
const MIDDLE: readonly Point[] = [[0, 0]]

/** Font size, and each text's way from the middle. Throws where more than four texts are to share a cell. */
export function spread(parts: readonly string[]): { readonly size: number; readonly at: readonly Point[] } {
  if (parts.length <= 1) return { size: sizeFor(parts[0]?.length ?? 0), at: MIDDLE }
  const found = SPREADS[parts.length]
  if (!found) throw new RangeError(`a cell shows at most 4 texts, found ${parts.length}`)
  return found
}

function sizeFor(length: number): number {
  if (length > 4) return 0.3
  return length > 2 ? 0.4 : 0.55
}
