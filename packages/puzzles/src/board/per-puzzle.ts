/** What rules find out about a puzzle once and ask of it after every step of every rollout. */

/** `find`, remembered for as long as the puzzle lives. */
export function perPuzzle<P extends object, Found>(find: (puzzle: P) => Found): (puzzle: P) => Found {
  const found = new WeakMap<P, { readonly value: Found }>()
  return (puzzle) => {
    let known = found.get(puzzle)
    if (!known) {
      known = { value: find(puzzle) }
      found.set(puzzle, known)
    }
    return known.value
  }
}
