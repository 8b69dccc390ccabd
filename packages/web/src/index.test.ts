import { expect, it } from 'vitest'

it('can be imported and made on a server, where there is no page', async () => {
  expect(typeof document).toBe('undefined')
  const { PtrmSolver } = await import('./index.ts')
  const element = new PtrmSolver()
  element.puzzle = '.'.repeat(81)
  expect(element.state).toBe('idle')
  expect(element.board?.kind.name).toBe('sudoku')
})

it('can be imported twice, as bundles of two versions may', async () => {
  const { PtrmSolver } = await import('./index.ts')
  const again: string = './index.ts?again'
  await import(again)
  expect(customElements.get('ptrm-solver')).toBe(PtrmSolver)
})
