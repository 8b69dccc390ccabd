/** Entry of a helper thread that makes noise for the onnx engine. */
import { parentPort, workerData } from 'node:worker_threads'
import { instantiateKernel, type KernelSource } from '@ptrm/core-wasm'
import type { NoiseOrder } from './noise.ts'

if (!parentPort) throw new Error('noise-worker runs in a worker thread')
const kernel = await instantiateKernel(workerData as KernelSource)

parentPort.on('message', ({ draws, out, done }: NoiseOrder) => {
  let from = 0
  for (const draw of draws) {
    // wasm-bindgen copies out of wasm memory into the array it is given, shared or not.
    kernel.fillNoise(new Float32Array(out, 4 * from, draw.size), draw)
    from += draw.size
  }
  const flag = new Int32Array(done)
  Atomics.store(flag, 0, 1)
  Atomics.notify(flag, 0)
})
