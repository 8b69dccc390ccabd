/** Canvases that fill their card, sharp on every screen. */

/** The width that an element's parent has for it, in CSS pixels. */
export function widthFor(element: HTMLElement): number {
  const parent = element.parentElement!
  const { paddingInlineStart, paddingInlineEnd } = getComputedStyle(parent)
  return parent.clientWidth - Number.parseFloat(paddingInlineStart) - Number.parseFloat(paddingInlineEnd)
}

/** A canvas's context, sized to its box in device pixels, drawing in CSS pixels. The style sheet keeps its shape on paper. */
export function fit(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = Math.min(3, devicePixelRatio || 1)
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide
    canvas.height = high
  }
  const context = canvas.getContext('2d')!
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  return context
}
