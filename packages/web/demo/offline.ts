/** Offline use: starts the service worker, and hands it what the page had fetched before it was there. */

export async function startOffline(): Promise<void> {
  const { serviceWorker } = navigator
  const taken = new Promise<void>((resolve) => {
    if (serviceWorker.controller) resolve()
    else serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
  })
  await serviceWorker.register('./sw.js')
  await taken
  // Weights that came before: asked for again, from the browser's own cache, so that they are kept.
  for (const { name } of performance.getEntriesByType('resource'))
    if (name.endsWith('.safetensors')) await fetch(name)
}
