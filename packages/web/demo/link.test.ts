import { describe, expect, it } from 'vitest'
import { faultOf, fromFragment, type Shared, toFragment } from './link.ts'

const SHARED: Shared = {
  puzzle: 'https://puzz.link/p?tapa/6/6/2ga8g1g4g6o4i7p5g2',
  rollouts: 128,
  steps: 24,
  sigma: 0.35,
  seed: 18_446_744_073_709_551_615n,
  noiseTarget: 'both',
  stop: true,
}

describe('the share link', () => {
  it.each([
    SHARED,
    { ...SHARED, sigma: 2 },
    { ...SHARED, stop: false, seed: 0n, sigma: 0, puzzle: '1 2 . .\n. . # &' },
  ])('gives back what went in', (shared) => {
    expect(fromFragment(toFragment(shared))).toEqual(shared)
  })

  it('is short and legible', () => {
    expect(toFragment(SHARED)).toContain('#p=tapa/6/6/2ga8g1g4g6o4i7p5g2&k=128&d=24')
  })

  it.each(['', '#', '#k=3', '#p='])('says nothing where it is %j', (fragment) => {
    expect(fromFragment(fragment)).toEqual({})
  })

  it('leaves out what is out of range', () => {
    const odd = '#p=x&k=1e9&d=1.5&s=-1&seed=99999999999999999999&to=zX'
    expect(fromFragment(odd)).toEqual({ puzzle: 'x', stop: false })
    expect(fromFragment('#p=x&s=2.05')).toEqual({ puzzle: 'x', stop: false })
  })

  it('says what it left out, and nothing where all is well', () => {
    expect(faultOf('#p=x&k=1e9&seed=abc&to=zX')).toMatch(
      /k=1e9 \(.*1 to 256\) and seed=abc \(.*\) and to=zX \(wanted: zL, zH, both\)/,
    )
    expect(faultOf('#p=x&s=')).toMatch(/s= /)
    for (const sound of [toFragment(SHARED), '#p=x', '', '#k=none']) expect(faultOf(sound)).toBe('')
  })
})
