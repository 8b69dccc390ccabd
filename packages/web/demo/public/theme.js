// Before the first paint, so that a chosen scheme does not flash.
const chosen = localStorage.getItem('ptrm-theme')
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
