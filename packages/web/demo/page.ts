/** The page's own elements, found once and by name. */
export function byId<E extends HTMLElement>(id: string, type: abstract new () => E): E {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new Error(`the page has no fitting element #${id}`)
}

let hide: ReturnType<typeof setTimeout> | undefined

/** Says something in passing, to eyes and screen readers. */
export function toast(text: string): void {
  const box = byId('toast', HTMLElement)
  box.textContent = text
  clearTimeout(hide)
  hide = setTimeout(() => {
    box.textContent = ''
  }, 5000)
}

export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<Omit<HTMLElementTagNameMap[K], 'children'>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}
