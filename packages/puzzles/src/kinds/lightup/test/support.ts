/** What tests must know of Light Up. */
import { putShading } from '../../../../test/pzpr-adapter.ts'
import type { KindSupport } from '../../../../test/support.ts'
import { wallSupport } from '../../../../test/walls.ts'
import type { LightUpPuzzle } from '../index.ts'

const walls = wallSupport<LightUpPuzzle>('lightup')

export const support: KindSupport<LightUpPuzzle> = {
  ...walls,
  answers: 2,
  pzpr: {
    ...walls.pzpr,
    put: putShading,
    codes: [
      [/^bulbs light each other$/, 'akariDup'],
      [/^(?:more|fewer) than \d bulbs/, 'nmAkariNe'],
      [/^cell is not lit$/, 'ceDark'],
    ],
  },
}
