/** The formats of other programs that texts may hold. */
import type { FileFormat } from './format.ts'
import { janko } from './janko.ts'
import { pzprv3 } from './pzprv3.ts'
import { sdk } from './sdk.ts'
import { tatham } from './tatham.ts'
import { xml } from './xml.ts'

export const formats: readonly FileFormat[] = [pzprv3, janko, sdk, tatham, xml]
