/** The pool's worker, but one named `doomed` dies of an uncaught error when it is told to run. */
import '/ptrm/assets/browser-worker.js'

self.addEventListener('message', ({ data }) => {
  if (self.name !== 'doomed' || data?.type !== 'run') return
  setTimeout(() => {
    throw new Error('doomed as ordered')
  }, 0)
})
