/** The formats of other programs that texts may hold. */
import type { FileFormat } from './format.ts'

export const formats: readonly FileFormat[] = []
