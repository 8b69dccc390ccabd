import { encodeModel, exportOnnx, Graph, inferConfig, toPyTorch } from '@ptrm/checkpoints'

for (const part of [encodeModel, exportOnnx, Graph, inferConfig, toPyTorch])
  if (typeof part !== 'function') throw new Error('a part is missing')
console.log('done')
