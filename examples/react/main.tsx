/** A page of React 19 with the element in it. */
import '@ptrm/web'
import type { SolveResult } from '@ptrm/web'
import type {} from '@ptrm/web/react'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'

const PUZZLE = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'

function App() {
  const [result, setResult] = useState<SolveResult>()
  return (
    <main>
      <h1>A solver in React</h1>
      <ptrm-solver puzzle={PUZZLE} rollouts={64} onptrm-solved={({ detail }) => setResult(detail)} />
      <output>{result && `Solved by rollout ${result.rollout}, q ${result.q?.toFixed(1)}`}</output>
    </main>
  )
}

createRoot(document.body).render(<App />)
