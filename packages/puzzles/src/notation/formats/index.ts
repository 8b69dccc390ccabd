/** The formats of other programs that texts may hold. */
import type { FileFormat } from './format.ts'
import { pzprv3 } from './pzprv3.ts'

export const formats: readonly FileFormat[] = [pzprv3]
