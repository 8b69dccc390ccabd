/** Workers with options of their own, such as a GPU each: who has which, and who takes those of one that is gone. */
import { expect, it } from 'vitest'
import { onnxCuda } from '../engines/onnx/index.ts'
import { nodeAdapter } from './node.ts'
import type { FromWorker, WorkerHandle } from './protocol.ts'

/** A worker that says its options and ends when it hears anything. */
const SCRIPT = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, workerData } from 'node:worker_threads'
    parentPort.postMessage(workerData.options)
    parentPort.once('message', () => process.exit(1))`)}`,
)

const { options, each } = onnxCuda.setup({ devices: [3, 0], slots: 64 })
const adapter = nodeAdapter({ engine: { name: 'onnx-cuda', options }, each, workerUrl: SCRIPT })

/** A worker, what it says of its GPU, and its end. */
async function started() {
  let end = () => {}
  const died = new Promise<void>((resolve) => {
    end = resolve
  })
  let handle: WorkerHandle | undefined
  const said = await new Promise<{ deviceId: number; slots: number }>((resolve) => {
    handle = adapter.spawn({ heard: (message: FromWorker) => resolve(message as never), died: () => end() })
  })
  return { handle: handle!, died, ...said }
}

it('gives each GPU one worker, and its place to the next when it dies or is ended', async () => {
  expect(each).toEqual([{ deviceId: 3 }, { deviceId: 0 }])
  const first = await started()
  const second = await started()
  expect([first, second]).toMatchObject([
    { deviceId: 3, slots: 64 },
    { deviceId: 0, slots: 64 },
  ])
  second.handle.post({} as never)
  await second.died
  const third = await started()
  expect(third.deviceId).toBe(0)
  await first.handle.terminate()
  await first.handle.terminate()
  const fourth = await started()
  expect(fourth.deviceId).toBe(3)
  for (const { handle } of [third, fourth]) await handle.terminate()
})

it('is the first GPU where none is named', () => {
  expect(onnxCuda.setup({}).each).toEqual([{ deviceId: 0 }])
})
