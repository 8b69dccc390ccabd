/** The first script of a page: keeps what it complains of, for browsers whose driver does not tell. */
globalThis.complaints = []
function keep(text) {
  // This only says that what changed in a resize is drawn a frame later.
  if (!text.startsWith('ResizeObserver loop')) globalThis.complaints.push(text)
}
for (const level of ['error', 'warn']) {
  const say = console[level]
  console[level] = (...what) => {
    keep(what.map(String).join(' '))
    say(...what)
  }
}
// In the capture phase, as errors of files do not bubble.
addEventListener('error', ({ message, target }) => keep(message ?? `can't load ${target.outerHTML}`), true)
addEventListener('unhandledrejection', ({ reason }) => keep(String(reason)))
addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
  keep(`refused by ${violatedDirective}`),
)
