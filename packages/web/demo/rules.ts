/** The rules of each kind in two lines, for people who meet it here first. */
const RULES: Readonly<Record<string, string>> = {
  sudoku: 'Write 1 to 9 into every row, column and box, each digit once.',
  lightup:
    'Bulbs light their row and column up to the next wall. Light every white cell; no bulb lights another. A number says how many bulbs touch its wall.',
  nurikabe:
    'Shade a sea that hangs together, without a 2x2 block. Each number lies alone on an island of so many cells; islands touch at corners only.',
  heyawake:
    'Shade cells that never touch along an edge; white cells hang together. A number says how many are shaded in its room; no white line crosses two room borders.',
  tapa: 'Shade a wall that hangs together, without a 2x2 block. A clue’s numbers are the lengths of the runs of shaded cells around it.',
  shakashaka:
    'Put black half-square triangles into white cells so that what stays white are rectangles, upright or tilted. A number says how many triangles touch its wall.',
}

export function rulesOf(kind: string): string {
  return RULES[kind] ?? ''
}
