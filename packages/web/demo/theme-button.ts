/** The button that goes through the colour schemes: the system's, light, dark. */
import { byId } from './page.ts'

const NAMES = { auto: 'Auto', light: 'Light', dark: 'Dark' } as const
type Theme = keyof typeof NAMES
const ORDER: readonly Theme[] = ['auto', 'light', 'dark']

/** `changed` hears whenever the scheme is another, by the button or by the system. */
export function startTheme(changed: () => void): void {
  const button = byId('theme', HTMLButtonElement)
  const root = document.documentElement
  let theme = ORDER.find((name) => name === root.dataset['theme']) ?? 'auto'
  const show = () => {
    button.textContent = NAMES[theme]
    button.ariaLabel = `${NAMES[theme]} colours`
  }
  const set = (scheme: Theme) => {
    if (scheme === 'auto') delete root.dataset['theme']
    else root.dataset['theme'] = scheme
    changed()
  }
  show()
  button.addEventListener('click', () => {
    theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length]!
    set(theme)
    show()
    keep(theme)
  })
  // Paper is white. By the attribute, since pages are told before their style for paper is on.
  addEventListener('beforeprint', () => set('light'))
  addEventListener('afterprint', () => set(theme))
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed)
}

/** For the next visit, where the browser lets the page. */
function keep(theme: Theme): void {
  try {
    localStorage.setItem('ptrm-theme', theme)
  } catch {
    // Storage is blocked or full.
  }
}
