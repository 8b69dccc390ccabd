/** The page, made on the server. */
import { Solver } from './solver'

const PUZZLE = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'

export default function Page() {
  return (
    <main>
      <h1>A solver in Next</h1>
      <Solver puzzle={PUZZLE} />
    </main>
  )
}
