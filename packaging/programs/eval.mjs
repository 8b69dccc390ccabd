import { openEvaluation } from '@ptrm/eval'
import { parityEngines } from '@ptrm/eval/parity'

if (typeof openEvaluation !== 'function') throw new Error('no openEvaluation')
if (parityEngines.length === 0) throw new Error('no engines')
console.log('done')
