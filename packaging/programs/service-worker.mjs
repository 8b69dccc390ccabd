/** A service worker that answers what rollouts come to, by itself. */
import wasmUrl from '@ptrm/core-wasm/simd128.wasm'
import modelUrl from '@ptrm/models/sudoku-2.safetensors'
import { createSolver } from '@ptrm/orchestrator/edge'
import { rolloutsOf } from './rollouts.mjs'

const solver = createSolver({ wasmUrl, modelUrl })
const answer = async () => Response.json(await rolloutsOf(await solver))

addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => {
  if (new URL(event.request.url).pathname === '/rollouts') event.respondWith(answer())
})
