// Before the first paint, so that a chosen scheme does not flash.
try {
  const chosen = localStorage.getItem('ptrm-theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch {
  // Storage is blocked: the system's scheme it is.
}
