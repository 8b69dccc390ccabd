// Offline use: keeps every file of this build, answers from there, and drops older builds.
const FILES = /* by the build */ []
const CACHE = 'ptrm-/* by the build */'

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)))
  self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  const drop = async () => {
    for (const name of await caches.keys())
      if (name.startsWith('ptrm-') && name !== CACHE) await caches.delete(name)
    await self.clients.claim()
  }
  event.waitUntil(drop())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return
  const answer = async () => {
    const cache = await caches.open(CACHE)
    return (await cache.match(request, { ignoreSearch: request.mode === 'navigate' })) ?? fetch(request)
  }
  event.respondWith(answer())
})
