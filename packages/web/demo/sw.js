// Offline use: keeps the files of this build, answers from there, and drops older builds.
// What the page opens and first solves with is kept at once, weights of other kinds when they are first asked for.
const FIRST = /* by the build: first */ []
const LATER = /* by the build: later */ []
const CACHE = 'ptrm-/* by the build: version */'

const later = new Set(LATER.map((file) => new URL(file, location.href).href))

self.addEventListener('install', (event) => {
  // Past the browser's own cache, which may still hold files of the build before under the same names.
  const first = FIRST.map((file) => new Request(file, { cache: 'no-cache' }))
  // It waits for pages of an older build to be closed: they want that one's files.
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(first)))
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
    // Whatever servers say with `Vary`: the files are the same for every request.
    const ways = { ignoreSearch: request.mode === 'navigate', ignoreVary: true }
    const kept = await cache.match(request, ways)
    // The page itself from the network, if there is one: it names the files of the build that is served now, and what it
    // lacks here is there. Names with hashes never mean another file.
    if (kept && request.mode === 'navigate') return fetch(request).catch(() => kept)
    if (kept) return kept
    const response = await fetch(request)
    if (response.ok && later.has(request.url)) event.waitUntil(cache.put(request, response.clone()))
    return response
  }
  event.respondWith(answer())
})
